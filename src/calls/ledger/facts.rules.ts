import type { TimeMark, PresenceEvidence } from './evidence.rules.ts';
import type { Fact } from './ledger.enums.ts';

/** Clusters report times in whole seconds. */
export const CLUSTER_PRECISION_MS = 1_000;

const precisionMs = ({ wholeSeconds }: TimeMark): number => (wholeSeconds ? CLUSTER_PRECISION_MS : 0);

/** The moment of a mark, not before its cause: what the cluster rounded down may seem to come first. */
export const reportedFact = (mark: TimeMark, causeMs = mark.atMs): Fact => ({
  atMs: Math.max(mark.atMs, causeMs),
  how: mark.how,
  knownAtMs: mark.knownAtMs,
  uncertaintySeconds: precisionMs(mark) / 1000,
});

/** A moment not after the mark, within the mark's precision, and not before `fromMs`. */
export const inferredFact = (mark: TimeMark, fromMs: number): Fact => ({
  atMs: Math.max(mark.atMs, fromMs),
  how: mark.how === 'event' ? 'inferred' : mark.how,
  knownAtMs: mark.knownAtMs,
  uncertaintySeconds: Math.max(precisionMs(mark), mark.atMs - fromMs) / 1000,
});

/** The last moment that a mark may stand for. */
export const latestMsOf = (mark: TimeMark): number => mark.atMs + Math.max(0, precisionMs(mark) - 1);

export const earliestMs = (begin: Fact): number => begin.atMs - begin.uncertaintySeconds * 1000;

/** The earliest possible moment: not before `fromMs`, nor before the last list that did not have it yet. */
export const lowerBoundMs = ({ first, notBeforeMs }: PresenceEvidence, fromMs: number): number =>
  notBeforeMs !== null && first !== null && notBeforeMs <= first.atMs
    ? Math.max(notBeforeMs, fromMs)
    : fromMs;

/** The end that an absence shows; null when it was seen since. */
export function absenceAsMark({ absent, lastMs }: PresenceEvidence): TimeMark | null {
  if (!absent || (lastMs !== null && lastMs >= absent.sinceMs)) return null;
  return { atMs: absent.atMs, how: 'inferred', knownAtMs: absent.knownAtMs ?? absent.atMs };
}

export const earliestMark = (marks: readonly (TimeMark | null)[]): TimeMark | null =>
  marks.reduce((a, b) => (a && (!b || a.atMs <= b.atMs) ? a : b), null);
