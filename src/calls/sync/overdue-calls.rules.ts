import { endsAtMs, type Ledger, UNCOUNTED_ROLES } from '../calls/index.ts';
import { aloneUntilMs } from './alone.rules.ts';
import { type EndReason, type Evidence, NO_CALL_EVIDENCE } from '../ledger/index.ts';

type OverdueReason = Extract<EndReason, 'nobody_came' | 'out_of_time' | 'empty' | 'alone'>;

const hasUncountedRole = ({ role }: Ledger['rows']['participants'][number]): boolean =>
  (UNCOUNTED_ROLES as readonly string[]).includes(role);

/** Observers and agents alone keep a call open for so long, or for the room's empty timeout if that is longer. */
const UNATTENDED_MS = 300_000;

/**
 * Until when an active call may continue with observers and agents alone, in milliseconds since the epoch. Infinity while
 * somebody else is connected, and when nobody is: then the cluster closes its room. A token that is still valid counts as
 * well, because its holder may be on the way.
 */
function unattendedUntilMs({ rows, state }: Ledger, startedAtMs: number): number {
  const { call, participants } = rows;
  const uncounted = new Set(participants.filter(hasUncountedRole).map(({ identity }) => identity));
  const stays = Map.groupBy(
    state.connections.filter(({ connected }) => connected),
    ({ identity }) => uncounted.has(identity),
  );
  if (!stays.get(true)?.some(({ left }) => left === null)) return Infinity;
  const seats = participants.filter((participant) => !hasUncountedRole(participant));
  const attendedMs = Math.max(
    startedAtMs,
    ...(stays.get(false) ?? []).map(({ left }) => left?.atMs ?? Infinity),
    ...seats.map(({ seatUntil }) => seatUntil?.getTime() ?? 0),
  );
  return attendedMs + Math.max(UNATTENDED_MS, call.emptyTimeoutSeconds * 1000);
}

/**
 * Why an open call has to end now: nobody connected in time, it reached its time limit, or only observers and agents, or
 * one person alone, have been in it for too long. Null while it may continue.
 */
export function overdueReason(ledger: Ledger, nowMs: number): OverdueReason | null {
  const { rows, state } = ledger;
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
  if (limitMs !== null && limitMs <= nowMs) return 'out_of_time';
  if (unattendedUntilMs(ledger, started.atMs) <= nowMs) return 'empty';
  return aloneUntilMs(ledger) <= nowMs ? 'alone' : null;
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
