import {
  isInRoom,
  isHidden,
  toIsoTime,
  createOutcome,
  type LivePerson,
  personView,
} from '../room-state/index.ts';
import { PING_SECONDS } from '../protocol/index.ts';
import { type RoomSession, commitOutcome } from './room-session.ts';

/** Who is back within this time has not been away. */
export const GRACE_MS = 10_000;
const SWEEP_INTERVAL_MS = 120_000;
/** A little more than three pings: when a socket was heard is noted every half minute. */
const SILENT_AFTER_MS = 4 * PING_SECONDS * 1000;

export const SWEEP_TASK = 'sweep';
/** Begins what is due when somebody has been away for the grace. */
export const LEAVE_TASK_PREFIX = 'leave/';

/** Somebody says hello: they are here, and not about to be taken for gone. */
export function recordArrival(session: RoomSession, person: LivePerson): LivePerson & { joinedAt: string } {
  session.due.cancelEarliest(`${LEAVE_TASK_PREFIX}${person.identity}`);
  if (isInRoom(person)) return person;
  const joinedAt = toIsoTime(session.log.nextAtMs(session.runtime.clock.now()));
  const arrived = { ...person, joinedAt, status: 'active' as const, handRaisedAt: null };
  commitOutcome(
    session,
    createOutcome({
      changes: [{ thing: 'person', id: person.identity, value: arrived }],
      events: isHidden(arrived) ? [] : [{ type: 'presence.joined', person: personView(arrived) }],
    }),
  );
  return arrived;
}

/** Somebody who has no socket any more is away. */
export function recordDeparture(session: RoomSession, identity: string): void {
  const { store, connections, runtime } = session;
  const person = store.state.people.get(identity);
  if (!isInRoom(person) || connections.presentOf(identity).length > 0) return;
  const value = { ...person, joinedAt: null, handRaisedAt: null, seenAtMs: runtime.clock.now() };
  commitOutcome(
    session,
    createOutcome({
      changes: [{ thing: 'person', id: identity, value }],
      events: isHidden(person) ? [] : [{ type: 'presence.left', identity }],
    }),
  );
}

/** A socket is gone: who has no other is away, at once if they said so, else unless they come back soon. */
export function handleDisconnect(session: RoomSession, identity: string, isDeliberate = false): void {
  const { connections, store, due, runtime } = session;
  if (!isInRoom(store.state.people.get(identity)) || connections.presentOf(identity).length > 0) return;
  if (isDeliberate) recordDeparture(session, identity);
  else due.addEarliest(runtime.clock.now() + GRACE_MS, `${LEAVE_TASK_PREFIX}${identity}`);
}

/** Closes sockets that nothing was heard of. */
export function closeSilentConnections(session: RoomSession): void {
  const { connections, runtime } = session;
  const nowMs = runtime.clock.now();
  for (const conn of connections.all()) {
    const heardAtMs = Math.max(conn.heardAtMs, runtime.lastPingMs(conn.socket) ?? 0);
    if (nowMs - heardAtMs <= SILENT_AFTER_MS) continue;
    connections.close(conn, 'silent');
    handleDisconnect(session, conn.identity);
  }
  scheduleSweep(session);
}

/** Silent sockets are looked for as long as there are any sockets. */
export function scheduleSweep({ connections, due, runtime }: RoomSession): void {
  if (connections.size > 0) due.addEarliest(runtime.clock.now() + SWEEP_INTERVAL_MS, SWEEP_TASK);
}
