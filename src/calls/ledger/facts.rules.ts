import type { TimeMark, PresenceEvidence } from './evidence.rules.ts';
import type { Fact } from './ledger.enums.ts';

/** Clusters report times in whole seconds. */
export const CLUSTER_PRECISION_MS = 1_000;

export const exactFact = ({ atMs, how, knownAtMs }: TimeMark): Fact => ({
  atMs,
  how,
  knownAtMs,
  uncertaintySeconds: 0,
});

/** A moment not after the mark and not before `fromMs`. */
export const inferredFact = ({ atMs, how, knownAtMs }: TimeMark, fromMs: number): Fact => ({
  atMs: Math.max(atMs, fromMs),
  how: how === 'event' ? 'inferred' : how,
  knownAtMs,
  uncertaintySeconds: Math.max(0, atMs - fromMs) / 1000,
});

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
