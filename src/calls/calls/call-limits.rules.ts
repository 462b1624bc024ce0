import type { Call } from './ledger-rows.rules.ts';

/** The room's limits that a call keeps a copy of. */
export type CallLimits = Pick<Call, 'emptyTimeoutSeconds' | 'maxDurationSeconds' | 'aloneTimeoutSeconds'>;

/** When the call ends by its time limit, in milliseconds since the epoch; null when it has none. */
export const endsAtMs = (
  startedAtMs: number,
  { maxDurationSeconds }: Pick<CallLimits, 'maxDurationSeconds'>,
): number | null => (maxDurationSeconds === null ? null : startedAtMs + maxDurationSeconds * 1000);
