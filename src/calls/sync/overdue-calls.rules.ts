import { endsAtMs, type Ledger } from '../calls/index.ts';
import { type EndReason, type Evidence, NO_CALL_EVIDENCE } from '../ledger/index.ts';

type OverdueReason = Extract<EndReason, 'nobody_came' | 'out_of_time'>;

/** Why an open call has to end now: nobody connected in time, or it reached its time limit. Null while it may continue. */
export function overdueReason({ rows, state }: Ledger, nowMs: number): OverdueReason | null {
  const { call, participants } = rows;
  const { status, started } = state.call;
  if (status === 'waiting') {
    // A participant with a valid token may still be on the way.
    const seatsUntilMs = participants.map(({ seatUntil }) => seatUntil?.getTime() ?? 0);
    const untilMs = Math.max(call.createdAt.getTime() + call.emptyTimeoutSeconds * 1000, ...seatsUntilMs);
    return untilMs <= nowMs ? 'nobody_came' : null;
  }
  if (status !== 'active' || !started) return null;
  const limitMs = endsAtMs(started.atMs, call);
  return limitMs !== null && limitMs <= nowMs ? 'out_of_time' : null;
}

/** Evidence that this product ends the call now, for the reason. */
export const evidenceOfClosing = (reason: OverdueReason, nowMs: number): Evidence => ({
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
