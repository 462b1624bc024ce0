import type { Chapter } from './playback-api.ts';

const pad = (value: number) => String(value).padStart(2, '0');

/** `1:02:03`, or `2:03` below an hour. */
export function formatTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

const CHAPTER_TEXTS: Readonly<Record<string, string>> = {
  participant_joined: 'joined',
  participant_left: 'left',
  screen_share_started: 'shared the screen',
  screen_share_ended: 'stopped sharing the screen',
};

export const describeChapter = ({ type, name }: Chapter): string =>
  type === 'start' ? 'Start of the recording' : `${name} ${CHAPTER_TEXTS[type] ?? type}`;

/** The text that a visitor sees for the code of an error. */
export const describeProblem = (code: string): string =>
  ({
    'playback.not_found':
      'This address does not work any more. Open the recording again where you found it, or ask the person who sent it to you.',
    'recordings.not_ready': 'This recording is not there any more.',
    'request.rate_limited': 'Too many requests came from your network. Wait a minute and reload the page.',
    network: 'There was no answer. Check your connection and reload the page.',
  })[code] ?? 'Something is wrong on our side. Try again in a few minutes.';
