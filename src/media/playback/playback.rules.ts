/** When the picture of a recording began and how long it is. */
export interface RecordedTime {
  startedAt: Date;
  durationMs: number;
}

/** A period; without an end it lasts until the end of the call. */
export interface RealStretch {
  from: Date;
  to: Date | null;
}

/** The same in a recording, in seconds from its beginning. */
export interface Stretch {
  fromSeconds: number;
  toSeconds: number;
}

/** Somebody in the call while it was recorded. */
export interface RecordedPerson {
  participantId: string;
  name: string;
  present: Stretch[];
  sharing: Stretch[];
}

export const CHAPTER_TYPES = [
  'start',
  'participant_joined',
  'participant_left',
  'screen_share_started',
  'screen_share_ended',
] as const;

/** A moment at which something changed. */
export interface PlaybackChapter {
  atSeconds: number;
  type: (typeof CHAPTER_TYPES)[number];
  name: string | null;
}

/** A topic, from a moment on. */
export interface Topic {
  atSeconds: number;
  title: string;
}

/** This close to the beginning or end of the recording there are no chapters: everybody comes and leaves there. */
const EDGE_SECONDS = 3;
/** Stretches that are closer than this are one: a connection that broke and came back. */
const GAP_SECONDS = 10;

const secondsAt = (at: Date, { startedAt, durationMs }: RecordedTime): number =>
  Math.min(durationMs, Math.max(0, at.getTime() - startedAt.getTime())) / 1_000;

/** The stretches within the recording, in order; those that touch or nearly touch are joined, parts outside are left out. */
export function placeStretches(stretches: readonly RealStretch[], time: RecordedTime): Stretch[] {
  const durationSeconds = time.durationMs / 1_000;
  const placed = stretches
    .map(({ from, to }) => ({
      fromSeconds: secondsAt(from, time),
      toSeconds: to ? secondsAt(to, time) : durationSeconds,
    }))
    .filter(({ fromSeconds, toSeconds }) => toSeconds > fromSeconds)
    .sort((a, b) => a.fromSeconds - b.fromSeconds);
  const joined: Stretch[] = [];
  for (const stretch of placed) {
    const last = joined.at(-1);
    if (last && stretch.fromSeconds - last.toSeconds < GAP_SECONDS)
      last.toSeconds = Math.max(last.toSeconds, stretch.toSeconds);
    else joined.push({ ...stretch });
  }
  return joined;
}

/** The beginning of the first stretch and the end of the last; for shared screens, also all between. */
function changesOf({ name, present, sharing }: RecordedPerson): PlaybackChapter[] {
  const chapters: PlaybackChapter[] = sharing.flatMap(({ fromSeconds, toSeconds }) => [
    { atSeconds: fromSeconds, type: 'screen_share_started' as const, name },
    { atSeconds: toSeconds, type: 'screen_share_ended' as const, name },
  ]);
  const [first, last] = [present[0], present.at(-1)];
  if (first) chapters.push({ atSeconds: first.fromSeconds, type: 'participant_joined', name });
  if (last) chapters.push({ atSeconds: last.toSeconds, type: 'participant_left', name });
  return chapters;
}

/** What changed during the recording, in its order; the first one is its start. */
export function listChapters(
  people: readonly RecordedPerson[],
  { durationMs }: RecordedTime,
): PlaybackChapter[] {
  const lastSeconds = durationMs / 1_000 - EDGE_SECONDS;
  const changes = people
    .flatMap(changesOf)
    .filter(({ atSeconds }) => atSeconds >= EDGE_SECONDS && atSeconds <= lastSeconds)
    .sort((a, b) => a.atSeconds - b.atSeconds);
  return [{ atSeconds: 0, type: 'start', name: null }, ...changes];
}
