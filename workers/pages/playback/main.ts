import { ApiError } from '../common/api-error.ts';
import { byId, setHidden, setText } from '../common/elements.ts';
import {
  listMessages,
  type MessageFile,
  openPlayback,
  type Playback,
  readTranscript,
} from './playback-api.ts';
import { Player } from './player.ts';
import { describeProblem, formatTime } from './texts.ts';
import { followTime, momentsOf, showMoments, showMessages, showPeople, showTranscript } from './timeline.ts';

const token = location.hash.slice(1);

function showProblem(code: string): void {
  setHidden(byId('loading', HTMLElement), true);
  setText(byId('problem', HTMLElement), describeProblem(code));
}

function showHead({ roomName, recording }: Playback): void {
  const { startedAt, durationSeconds, kind } = recording;
  const when = new Date(startedAt).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' });
  document.title = `${roomName} · AuraLink`;
  setText(byId('title', HTMLElement), roomName);
  setText(
    byId('when', HTMLElement),
    durationSeconds === null ? when : `${when} · ${formatTime(durationSeconds)}`,
  );
  byId('video', HTMLVideoElement).classList.toggle('sound-only', kind === 'audio');
}

/** Chat and transcript are left out for people who may not read them, and when reading fails: the recording is shown all the same. */
const orNone = <T>(read: Promise<T[]>): Promise<T[]> =>
  read.catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    return [];
  });

/** How long the addresses of files are used; they work for an hour. */
const FRESH_MS = 3_000_000;

/** Opens a file of the chat; with another address when that of the link is old. */
function createOpening(): (event: Event, file: MessageFile) => void {
  const shownAt = Date.now();
  return (event, { fileId }) => {
    if (Date.now() - shownAt < FRESH_MS) return;
    event.preventDefault();
    void orNone(listMessages(token)).then((messages) => {
      const found = messages.flatMap(({ files }) => files).find((file) => file.fileId === fileId);
      if (found?.url) location.assign(found.url);
    });
  };
}

async function show(): Promise<void> {
  const playback = await openPlayback(token);
  setHidden(byId('intro', HTMLElement), true);
  setHidden(byId('playback', HTMLElement), false);
  showHead(playback);
  const player = new Player(playback.media.url, async () => (await openPlayback(token)).media.url);
  const seek = (seconds: number) => player.seek(seconds);
  showPeople(playback.people, playback.recording.durationSeconds ?? 0);
  const moments = momentsOf(playback);
  const momentRows = showMoments(moments, seek);
  player.onTime(followTime(moments.map(({ atSeconds }, i) => ({ atSeconds, row: momentRows[i]! }))));
  byId('title', HTMLElement).focus();
  const [messages, segments] = await Promise.all([
    orNone(listMessages(token)),
    orNone(readTranscript(token)),
  ]);
  const messageRows = showMessages(messages, seek, createOpening());
  player.onTime(followTime(messages.map(({ atSeconds }, i) => ({ atSeconds, row: messageRows[i]! }))));
  const segmentRows = showTranscript(segments, seek);
  player.onTime(followTime(segments.map(({ atSeconds }, i) => ({ atSeconds, row: segmentRows[i]! }))));
}

/** The address without a token, as somebody types it. */
if (token === '') showProblem('playback.not_found');
else
  show().catch((error: unknown) => {
    if (!(error instanceof ApiError)) reportError(error);
    showProblem(error instanceof ApiError ? error.code : '');
  });
// Another address in the same tab.
addEventListener('hashchange', () => location.reload());
