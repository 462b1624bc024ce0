import { byId, fromTemplate, queryWithin, setHidden } from '../common/elements.ts';
import { describeFile } from '../common/file-text.ts';
import type { Message, MessageFile, Person, Playback, Segment, Stretch } from './playback-api.ts';
import { describeChapter, formatTime } from './texts.ts';

type Seek = (seconds: number) => void;
type OpenFile = (event: Event, file: MessageFile) => void;

function addBars(track: HTMLElement, stretches: readonly Stretch[], sign: string, duration: number): void {
  for (const { fromSeconds, toSeconds } of stretches) {
    const bar = document.createElement('span');
    bar.className = sign;
    bar.style.setProperty('inset-inline-start', `${(fromSeconds / duration) * 100}%`);
    bar.style.setProperty('width', `${((toSeconds - fromSeconds) / duration) * 100}%`);
    track.append(bar);
  }
}

const listTimes = (stretches: readonly Stretch[]) =>
  stretches
    .map(({ fromSeconds, toSeconds }) => `${formatTime(fromSeconds)} to ${formatTime(toSeconds)}`)
    .join(', ');

/** A row for each person, with the times in which they were there; in words for those who do not see it. */
export function showPeople(people: readonly Person[], duration: number): void {
  for (const { name, present, sharing } of people) {
    const row = fromTemplate('person-template');
    queryWithin(row, '.person-name', HTMLElement).textContent = name;
    queryWithin(row, '.visually-hidden', HTMLElement).textContent =
      `, in the call from ${listTimes(present)}` +
      (sharing.length > 0 ? `; shared the screen from ${listTimes(sharing)}` : '');
    const track = queryWithin(row, '.track', HTMLElement);
    addBars(track, present, 'present', duration);
    addBars(track, sharing, 'sharing', duration);
    byId('people', HTMLUListElement).append(row);
  }
  setHidden(byId('people-section', HTMLElement), people.length === 0);
}

function addSeekButton(row: HTMLElement, seconds: number, seek: Seek): void {
  queryWithin(row, 'time', HTMLTimeElement).textContent = formatTime(seconds);
  queryWithin(row, 'time', HTMLTimeElement).dateTime = `PT${Math.floor(seconds)}S`;
  queryWithin(row, 'button', HTMLButtonElement).addEventListener('click', () => seek(seconds));
}

interface Moment {
  atSeconds: number;
  text: string;
}

/** Topics and changes, in the order of time. */
export const momentsOf = ({ chapters, topics }: Pick<Playback, 'chapters' | 'topics'>): Moment[] =>
  [
    ...chapters.map((chapter) => ({ atSeconds: chapter.atSeconds, text: describeChapter(chapter) })),
    ...topics.map(({ atSeconds, title }) => ({ atSeconds, text: title })),
  ].toSorted((a, b) => a.atSeconds - b.atSeconds);

export function showMoments(moments: readonly Moment[], seek: Seek): HTMLElement[] {
  return moments.map(({ atSeconds, text }) => {
    const row = fromTemplate('chapter-template');
    addSeekButton(row, atSeconds, seek);
    queryWithin(row, 'span', HTMLElement).textContent = text;
    byId('chapters', HTMLOListElement).append(row);
    return row;
  });
}

/** The files of a message: a link for each that may be had. @param open asks for another address when that of the link is too old */
function showFiles(row: HTMLElement, files: readonly MessageFile[], open: OpenFile): void {
  const list = queryWithin(row, '.files', HTMLUListElement);
  setHidden(list, files.length === 0);
  for (const file of files) {
    const item = document.createElement('li');
    if (file.url === null) item.textContent = describeFile(file);
    else {
      const link = document.createElement('a');
      link.href = file.url;
      link.textContent = describeFile(file);
      link.addEventListener('click', (event) => open(event, file));
      item.append(link);
    }
    list.append(item);
  }
}

export function showMessages(messages: readonly Message[], seek: Seek, open: OpenFile): HTMLElement[] {
  setHidden(byId('chat-section', HTMLElement), messages.length === 0);
  return messages.map(({ name, text, atSeconds, files }) => {
    const row = fromTemplate('message-template');
    addSeekButton(row, atSeconds, seek);
    queryWithin(row, '.author', HTMLElement).textContent = name;
    queryWithin(row, '.text', HTMLElement).textContent = text;
    showFiles(row, files, open);
    byId('chat', HTMLOListElement).append(row);
    return row;
  });
}

/** The transcript; a speaker is named where another one begins. */
export function showTranscript(segments: readonly Segment[], seek: Seek): HTMLElement[] {
  setHidden(byId('transcript-section', HTMLElement), segments.length === 0);
  return segments.map(({ text, atSeconds, isGap, speaker }, i) => {
    const row = fromTemplate('segment-template');
    addSeekButton(row, atSeconds, seek);
    const isOther = i === 0 || segments[i - 1]!.speaker !== speaker;
    queryWithin(row, '.author', HTMLElement).textContent = isOther ? (speaker ?? '') : '';
    queryWithin(row, '.text', HTMLElement).textContent = isGap ? '(not written down)' : text;
    byId('transcript', HTMLOListElement).append(row);
    return row;
  });
}

/** Marks the row that the player has come to. */
export function followTime(
  rows: readonly { atSeconds: number; row: HTMLElement }[],
): (seconds: number) => void {
  let marked: HTMLElement | undefined;
  return (seconds) => {
    const current = rows.findLast(({ atSeconds }) => atSeconds <= seconds + 0.25)?.row;
    if (current === marked) return;
    marked?.removeAttribute('aria-current');
    current?.setAttribute('aria-current', 'true');
    marked = current;
  };
}
