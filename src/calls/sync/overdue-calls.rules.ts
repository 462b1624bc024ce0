import type { Ledger } from '../calls/index.ts';
import { type EndReason, type Evidence, NO_CALL_EVIDENCE } from '../ledger/index.ts';

export interface CallTimeouts {
  emptySeconds: number;
  /** Null for as long as they like. */
  longestSeconds: number | null;
}

/** Why a call must not go on, if so: nobody has come in time, or it lasts longer than its room allows. */
export function overdueReason(
  { rows, state }: Ledger,
  { emptySeconds, longestSeconds }: CallTimeouts,
  nowMs: number,
): Extract<EndReason, 'nobody_came' | 'out_of_time'> | null {
  const { call, participants } = rows;
  const { status, started } = state.call;
  if (status === 'waiting') {
    // Who got a token may come as long as it is good.
    const seatsUntilMs = participants.map(({ seatUntil }) => seatUntil?.getTime() ?? 0);
    const untilMs = Math.max(call.createdAt.getTime() + emptySeconds * 1000, ...seatsUntilMs);
    return untilMs <= nowMs ? 'nobody_came' : null;
  }
  if (status !== 'active' || longestSeconds === null || !started) return null;
  return started.atMs + longestSeconds * 1000 <= nowMs ? 'out_of_time' : null;
}

/** That a call is ended here, now, for the reason. */
export const evidenceOfClosing = (reason: 'nobody_came' | 'out_of_time', nowMs: number): Evidence => ({
  call: {
    ...NO_CALL_EVIDENCE,
    closed: {
      atMs: nowMs,
      how: reason === 'nobody_came' ? 'inferred' : 'event',
      knownAtMs: nowMs,
      reason,
    },
  },
  connections: new Map(),
  tracks: new Map(),
});
