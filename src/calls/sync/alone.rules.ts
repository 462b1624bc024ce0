import { type Ledger, UNCOUNTED_ROLES } from '../calls/index.ts';

/** A connection that is back within this time continues the stay: reconnecting does not restart the limit. */
const RECONNECTION_MS = 60_000;

interface Stay {
  fromMs: number;
  /** Infinity while connected. */
  toMs: number;
}

/** When the present stay began, over reconnections. @param stays of one person, the last one open */
function beginOfPresence(stays: readonly Stay[]): number {
  const newestFirst = stays.toSorted((a, b) => b.fromMs - a.fromMs);
  return newestFirst.reduce(
    (beganMs, { fromMs, toMs }) => (toMs >= beganMs - RECONNECTION_MS ? Math.min(beganMs, fromMs) : beganMs),
    newestFirst[0]!.fromMs,
  );
}

/**
 * When the call ends because one person is alone in it, in milliseconds since the epoch. Infinity without such a limit,
 * and while not exactly one person is connected. Agents and observers are no company; somebody whose token still connects
 * them is, because they may be on the way.
 */
export function aloneUntilMs({ rows, state }: Ledger): number {
  const { call, participants } = rows;
  if (call.aloneTimeoutSeconds === null || state.call.status !== 'active') return Infinity;
  const uncounted = new Set(
    participants
      .filter(({ role }) => (UNCOUNTED_ROLES as readonly string[]).includes(role))
      .map(({ identity }) => identity),
  );
  const stays = Map.groupBy(
    state.connections
      .filter(({ connected, identity }) => connected && !uncounted.has(identity))
      .map(({ identity, joined, left }) => ({ identity, fromMs: joined.atMs, toMs: left?.atMs ?? Infinity })),
    ({ identity }) => identity,
  );
  const present = [...stays].filter(([, own]) => own.some(({ toMs }) => toMs === Infinity));
  if (present.length !== 1) return Infinity;
  const [alone, ownStays] = present[0]!;
  const aloneSinceMs = Math.max(
    beginOfPresence(ownStays),
    call.aloneFrom?.getTime() ?? 0,
    ...[...stays].flatMap(([identity, others]) => (identity === alone ? [] : others.map(({ toMs }) => toMs))),
    ...participants
      .filter(({ identity }) => identity !== alone && !uncounted.has(identity))
      .map(({ seatUntil }) => seatUntil?.getTime() ?? 0),
  );
  return aloneSinceMs + call.aloneTimeoutSeconds * 1000;
}
