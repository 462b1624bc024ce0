import {
  isInRoom,
  isHidden,
  toIsoTime,
  createOutcome,
  clearSpotlight,
  type LivePerson,
  pendingMoveOf,
  personView,
} from '../room-state/index.ts';
import { MAX_SOCKET_SESSION_MS } from '../protocol/index.ts';
import { isUnresponsive } from '../sockets/index.ts';
import { commitOutcome } from './commit-outcome.ts';
import { isInLobby, restsOn, type RoomConnection } from '../room-connections/index.ts';
import type { RoomSession } from './room-session.ts';

/** A person who is back within this time has not left. */
const GRACE_MS = 10_000;
const SWEEP_INTERVAL_MS = 120_000;

/** The due task that looks for silent sockets; the name is stored. */
export const SWEEP_TASK = 'sweep';
/** Begins the due task for a person whose grace ends; it is stored. */
export const LEAVE_TASK_PREFIX = 'leave/';

/** A person says hello: they are in the room, and a departure that was pending is cancelled. */
export function recordArrival(session: RoomSession, person: LivePerson): LivePerson & { joinedAt: string } {
  session.due.cancelEarliest(`${LEAVE_TASK_PREFIX}${person.identity}`);
  if (isInRoom(person)) return person;
  const joinedAt = toIsoTime(session.log.nextAtMs(session.runtime.clock.now()));
  const arrived = { ...person, joinedAt, status: 'active' as const, handRaisedAt: null };
  commitOutcome(
    session,
    createOutcome({
      changes: [{ record: 'person', id: person.identity, value: arrived }],
      events: isHidden(arrived) ? [] : [{ type: 'presence.joined', person: personView(arrived) }],
    }),
  );
  return arrived;
}

/** A person leaves, unless they have a socket again. */
export function recordDeparture(session: RoomSession, identity: string): void {
  const { store, connections, runtime } = session;
  const person = store.state.people.get(identity);
  if (!isInRoom(person) || connections.presentOf(identity).length > 0) return;
  const value = {
    ...person,
    joinedAt: null,
    handRaisedAt: null,
    captionLanguage: null,
    spokenLanguage: null,
    seenAtMs: runtime.clock.now(),
  };
  const spotlight = clearSpotlight(store.state.facts, identity, null);
  commitOutcome(
    session,
    createOutcome({
      changes: [{ record: 'person', id: identity, value }, ...spotlight.changes],
      events: [
        ...(isHidden(person) ? [] : [{ type: 'presence.left', identity } as const]),
        ...spotlight.events,
      ],
    }),
  );
}

/**
 * A socket of a person is gone. If it was their last, they leave: at once when they closed it themselves or were moved, otherwise
 * unless they come back within the grace.
 */
export function handleDisconnect(session: RoomSession, identity: string, isDeliberate = false): void {
  const { connections, store, due, runtime } = session;
  const person = store.state.people.get(identity);
  if (!isInRoom(person) || connections.presentOf(identity).length > 0) return;
  // A moved person who goes has followed, and does not come back within the grace.
  const isMoved = pendingMoveOf(person, store.decisionsAbout(identity), runtime.clock.now()) !== null;
  if (isDeliberate || isMoved) recordDeparture(session, identity);
  else due.addEarliest(runtime.clock.now() + GRACE_MS, `${LEAVE_TASK_PREFIX}${identity}`);
}

/**
 * Closes sockets whose credential has ended. Their people leave at once, because they cannot come back with it, unless
 * another socket of theirs stays.
 */
export function closeEndedConnections(session: RoomSession, conns: readonly RoomConnection[]): void {
  for (const conn of conns) session.connections.close(conn, 'credentialEnded');
  for (const identity of new Set(conns.filter((conn) => !isInLobby(conn)).map((conn) => conn.identity)))
    handleDisconnect(session, identity, true);
}

/** Closes the sockets that rest on a credential which has ended. */
export const closeConnectionsOn = (session: RoomSession, ended: Parameters<typeof restsOn>[1]): void =>
  closeEndedConnections(
    session,
    [...session.connections.all()].filter((conn) => restsOn(conn, ended)),
  );

/**
 * Whether a day will have passed by the next run since the person of the socket was admitted by the API. What closes sockets at
 * the end of a session or a membership looks no further back, so no socket lasts longer.
 */
function isTooOld({ runtime, store }: RoomSession, conn: RoomConnection): boolean {
  const person = isInLobby(conn) ? undefined : store.person(conn.identity);
  const sinceMs = person?.sinceMs ?? conn.openedAtMs;
  return runtime.clock.now() - sinceMs > MAX_SOCKET_SESSION_MS - SWEEP_INTERVAL_MS;
}

/** Closes sockets that have sent neither frames nor pings for too long, and those whose person joined a day ago. */
export function closeOverdueConnections(session: RoomSession): void {
  const { connections, runtime } = session;
  const nowMs = runtime.clock.now();
  for (const conn of connections.all()) {
    const isSilent = isUnresponsive(conn.frameAtMs, runtime.lastPingMs(conn.socket), nowMs);
    if (!isSilent && !isTooOld(session, conn)) continue;
    connections.close(conn, isSilent ? 'silent' : 'expired');
    handleDisconnect(session, conn.identity);
  }
  scheduleSweep(session);
}

/** Keeps looking for silent sockets as long as there are any sockets. */
export function scheduleSweep({ connections, due, runtime }: RoomSession): void {
  if (connections.size > 0) due.addEarliest(runtime.clock.now() + SWEEP_INTERVAL_MS, SWEEP_TASK);
}
