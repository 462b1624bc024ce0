import { isScheduledStart, type Schedule, scheduledStarts } from './schedule.rules.ts';

/** How one occurrence of a series differs from the series; null is as in the series. */
export interface OccurrenceChange {
  /** The start that the series gives it, which names it: RECURRENCE-ID of RFC 5545. ISO 8601, UTC. */
  originalStartsAt: string;
  /** EXDATE of RFC 5545. */
  cancelled: boolean;
  /** ISO 8601, UTC. */
  startsAt: string | null;
  durationSeconds: number | null;
  name: string | null;
}

/** One occurrence of a schedule, as it is meant to take place. Moments are in milliseconds since the epoch. */
export interface Occurrence {
  originalStartMs: number;
  startMs: number;
  durationSeconds: number;
  /** Null: the name of the series. */
  name: string | null;
  cancelled: boolean;
}

const endMs = ({ startMs, durationSeconds }: Occurrence) => startMs + durationSeconds * 1000;

/** In order of their starts; of two that start together, the one that was meant to start first comes first. */
export const compareOccurrences = (
  a: Pick<Occurrence, 'startMs' | 'originalStartMs'>,
  b: Pick<Occurrence, 'startMs' | 'originalStartMs'>,
): number => a.startMs - b.startMs || a.originalStartMs - b.originalStartMs;

/** The occurrence that a series has at a start, with its change if it has one. */
export function occurrenceAt(
  schedule: Schedule,
  originalStartMs: number,
  change?: Omit<OccurrenceChange, 'originalStartsAt'>,
): Occurrence {
  return {
    originalStartMs,
    startMs: change?.startsAt ? Date.parse(change.startsAt) : originalStartMs,
    durationSeconds: change?.durationSeconds ?? schedule.durationSeconds,
    name: change?.name ?? null,
    cancelled: change?.cancelled ?? false,
  };
}

/**
 * The occurrences of a schedule that end after a moment, cancelled ones among them, in the order of `compareOccurrences`.
 * Can be without end.
 */
export function* occurrencesOf(
  schedule: Schedule,
  changes: readonly OccurrenceChange[],
  fromMs: number,
): Generator<Occurrence> {
  const all = changes.map((change) => occurrenceAt(schedule, Date.parse(change.originalStartsAt), change));
  const changedStarts = new Set(all.map(({ originalStartMs }) => originalStartMs));
  const changed = all.filter((each) => endMs(each) > fromMs).toSorted(compareOccurrences);
  for (const startMs of scheduledStarts(schedule, fromMs - schedule.durationSeconds * 1000 + 1)) {
    if (changedStarts.has(startMs)) continue;
    const regular = occurrenceAt(schedule, startMs);
    while (changed.length > 0 && compareOccurrences(changed[0]!, regular) < 0) yield changed.shift()!;
    yield regular;
  }
  yield* changed;
}

/**
 * The start of the current or next occurrence that takes place, in milliseconds since the epoch: an occurrence counts
 * until its duration is over. Null when there is none.
 */
export function nextStart(
  schedule: Schedule,
  nowMs: number,
  changes: readonly OccurrenceChange[] = [],
): number | null {
  for (const { startMs, cancelled } of occurrencesOf(schedule, changes, nowMs))
    if (!cancelled) return startMs;
  return null;
}

/** The repeated part of a series, without its end. */
function patternOf({ startsAt, timeZone, rrule }: Schedule): string {
  const parts = rrule?.split(';').filter((part) => !/^(COUNT|UNTIL)=/.test(part)) ?? [];
  return JSON.stringify([Date.parse(startsAt), timeZone, parts.toSorted()]);
}

/**
 * The changes of occurrences that hold after the schedule changed: those of dates that the series still has, if only its
 * duration or its end changed. A series with another start, time zone or rule is another series.
 */
export function keptChanges(
  before: Schedule | null,
  after: Schedule | null,
  changes: readonly OccurrenceChange[],
): OccurrenceChange[] {
  if (!before || !after?.rrule || patternOf(before) !== patternOf(after)) return [];
  return changes.filter(({ originalStartsAt }) => isScheduledStart(after, Date.parse(originalStartsAt)));
}
