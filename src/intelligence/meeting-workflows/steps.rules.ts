import type { StepKind } from './meeting-workflows.enums.ts';

/** The problem with the order of steps; null when it is correct. */
export function orderProblemOf(kinds: readonly StepKind[]): string | null {
  if (new Set(kinds).size < kinds.length) return 'must not contain the same step twice';
  if (kinds[0] !== 'transcribe') return 'must begin with `transcribe`';
  if (kinds.length > 1 && kinds[1] !== 'summarize') return 'must have `summarize` after `transcribe`';
  return null;
}
