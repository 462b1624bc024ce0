import {
  isHere,
  isHidden,
  iso,
  lobbyView,
  outcome,
  type Person,
  personView,
  rosterView,
  stateView,
  youView,
} from '../live-state/index.ts';
import {
  type Cursor,
  FRAME_LIMIT_BYTES,
  PING_SECONDS,
  realtimeErrors,
  type RoomTicket,
} from '../realtime/index.ts';
import { BUFFER_LIMIT, type Conn, type Line, ROOM_BUFFER_LIMIT } from './connections.ts';
import { RATE } from './rate.rules.ts';
import { type Parts, perform, reply, setPlace } from './room-parts.ts';
import { sendTicket } from './tickets.ts';

export const SOCKETS_PER_ROOM = 1_000;
/** The newest ones win. */
export const SOCKETS_PER_IDENTITY = 5;
/** Who is back within this time has not been away. */
export const GRACE_MS = 10_000;
/** A ticket may have been decided on a little before it was issued. */
const REVOCATION_SLACK_MS = 5_000;
const SWEEP_EVERY_MS = 120_000;
const TIDY_AFTER_MS = 3_600_000;
const SILENT_AFTER_MS = 3 * PING_SECONDS * 1000;

export const SWEEP = 'sweep';
export const TIDY = 'tidy';
export const LEAVE = 'leave/';

const LIMITS = {
  frameBytes: FRAME_LIMIT_BYTES,
  framesPerSecond: RATE.perSecond,
  pingSeconds: PING_SECONDS,
};

/** @throws AppError `realtime.removed` or `realtime.room_ended` when the ticket is from before that was decided */
function requireValid({ store }: Parts, { identity, issuedAtMs }: RoomTicket): void {
  const { removedAtMs } = store.told(identity);
  if (removedAtMs !== null && issuedAtMs <= removedAtMs + REVOCATION_SLACK_MS) throw realtimeErrors.removed();
  const { endedAtMs } = store.state.facts;
  if (endedAtMs !== null && issuedAtMs <= endedAtMs) throw realtimeErrors.roomEnded();
}

/** Makes room for one more socket. @throws AppError `realtime.room_full` or `realtime.too_many_sockets` */
function makeRoom({ connections }: Parts, identity: string): void {
  if (connections.size >= SOCKETS_PER_ROOM) throw realtimeErrors.roomFull();
  const same = connections.ofIdentity(identity);
  if (same.length < SOCKETS_PER_IDENTITY) return;
  const open = same.filter((conn) => !conn.closed).sort((a, b) => a.openedAtMs - b.openedAtMs);
  // What was closed and does not go away still takes memory.
  if (same.length - open.length >= SOCKETS_PER_IDENTITY) throw realtimeErrors.tooManySockets();
  for (const conn of open.slice(0, Math.max(1, open.length - SOCKETS_PER_IDENTITY + 1)))
    connections.close(conn, 'replaced');
}

/** What a ticket makes of somebody: the newest one says who they are, what was told since stands against it. */
function personOf({ store, world }: Parts, ticket: RoomTicket): Person {
  const { organizationId: _o, roomId: _r, lobbyEntryId: _l, expiresAtMs: _e, ...claims } = ticket;
  const known = store.person(ticket.identity);
  if (known && known.issuedAtMs > ticket.issuedAtMs) return known;
  const told = store.told(ticket.identity);
  const role =
    told.role !== null && ticket.issuedAtMs <= told.roleAtMs + REVOCATION_SLACK_MS ? told.role : claims.role;
  const stay = known ?? {
    status: 'active' as const,
    handRaisedAt: null,
    joinedAt: null,
    readSeq: 0,
  };
  const { status, handRaisedAt, joinedAt, readSeq } = stay;
  return { ...claims, role, status, handRaisedAt, joinedAt, readSeq, seenAtMs: world.clock.now() };
}

/**
 * Whether a ticket opens a socket here and now.
 * @throws AppError `realtime.*`
 */
export function admit(parts: Parts, ticket: RoomTicket): void {
  requireValid(parts, ticket);
  makeRoom(parts, ticket.identity);
}

/** The socket of an admitted ticket: it says hello before it is told anything. */
export function enter(parts: Parts, line: Line, ticket: RoomTicket): void {
  const { store, due, world, connections } = parts;
  const { identity, lobbyEntryId } = ticket;
  setPlace(parts, ticket);
  if (lobbyEntryId === null) {
    const person = personOf(parts, ticket);
    const before = store.state.people.get(identity);
    const changed = before !== undefined && before.role !== person.role && !isHidden(before);
    perform(
      parts,
      outcome({
        changes: [{ thing: 'person', id: identity, value: person }],
        events: changed ? [{ type: 'participant.role', identity, role: person.role, by: null }] : [],
      }),
    );
  }
  connections.add(line, identity, lobbyEntryId);
  due.add(SWEEP, world.clock.now() + SWEEP_EVERY_MS);
  due.add(TIDY, world.clock.now() + TIDY_AFTER_MS);
}

function arrive(parts: Parts, person: Person): Person & { joinedAt: string } {
  parts.due.cancel(`${LEAVE}${person.identity}`);
  if (isHere(person)) return person;
  const joinedAt = iso(parts.log.nextAtMs(parts.world.clock.now()));
  const here = { ...person, joinedAt, status: 'active' as const, handRaisedAt: null };
  perform(
    parts,
    outcome({
      changes: [{ thing: 'person', id: person.identity, value: here }],
      events: isHidden(here) ? [] : [{ type: 'presence.joined', person: personView(here) }],
    }),
  );
  return here;
}

function helloOfWaiting(parts: Parts, conn: Conn, lobbyEntryId: string): void {
  const decision = parts.store.state.lobby.get(lobbyEntryId)?.decision ?? null;
  conn.hello = true;
  parts.connections.save(conn);
  reply(parts, conn, { type: 'waiting', entry: lobbyEntryId, decision, limits: LIMITS });
  if (decision !== null) parts.connections.close(conn, 'decided');
}

/** What was missed, in its order; more than a socket usually holds back may be on its way until it is taken. */
function replay({ log, connections }: Parts, conn: Conn, seq: number): void {
  const missed = log.after(seq);
  conn.allowance = BUFFER_LIMIT + missed.reduce((sum, { text }) => sum + text.length * 4, 0);
  for (const { text } of missed) connections.send(conn, text);
}

/**
 * The first frame of a socket. From here on it is sent every event once and in order: first those it missed, as far as
 * they are kept, after one gap that names the others.
 */
export function hello(parts: Parts, conn: Conn, cursor: Cursor | null): void {
  const { store, log, connections } = parts;
  if (conn.hello) throw realtimeErrors.helloTwice();
  if (conn.lobbyEntryId !== null) return helloOfWaiting(parts, conn, conn.lobbyEntryId);
  if (connections.buffered() > ROOM_BUFFER_LIMIT / 2) return connections.close(conn, 'crowded');
  const known = store.person(conn.identity);
  if (!known) return connections.close(conn, 'silent');
  const person = arrive(parts, known);
  conn.hello = true;
  connections.save(conn);
  const { state } = store;
  const you = youView(person, state);
  const lobby = lobbyView(state, person);
  const gap = cursor === null ? undefined : log.gapAfter(cursor);
  if (cursor !== null && gap === undefined) {
    reply(parts, conn, {
      type: 'resumed',
      from: cursor.seq + 1,
      to: log.headSeq,
      you,
      lobby,
      limits: LIMITS,
    });
    replay(parts, conn, cursor.seq);
  } else {
    const seq = gap === undefined || gap.reason === 'ahead' ? log.headSeq : gap.to;
    if (gap) reply(parts, conn, { type: 'gap', ...gap });
    reply(parts, conn, {
      type: 'welcome',
      cursor: { epoch: log.epoch, seq },
      you,
      roster: rosterView(state),
      state: stateView(state),
      lobby,
      limits: LIMITS,
    });
    replay(parts, conn, seq);
  }
  sendTicket(parts, conn);
}

/** Somebody who has no socket any more is away. */
export function leave(parts: Parts, identity: string): void {
  const { store, connections, world } = parts;
  const person = store.state.people.get(identity);
  if (!isHere(person) || connections.presentOf(identity).length > 0) return;
  const value = { ...person, joinedAt: null, handRaisedAt: null, seenAtMs: world.clock.now() };
  perform(
    parts,
    outcome({
      changes: [{ thing: 'person', id: identity, value }],
      events: isHidden(person) ? [] : [{ type: 'presence.left', identity }],
    }),
  );
}

/** A socket is gone: who has no other is away, at once if they said so, else unless they come back soon. */
export function noteGone(parts: Parts, identity: string, onPurpose = false): void {
  const { connections, store, due, world } = parts;
  if (!isHere(store.state.people.get(identity)) || connections.presentOf(identity).length > 0) return;
  if (onPurpose) leave(parts, identity);
  else due.add(`${LEAVE}${identity}`, world.clock.now() + GRACE_MS);
}

/** Closes sockets that nothing was heard of. */
export function sweep(parts: Parts): void {
  const { connections, world, due } = parts;
  const nowMs = world.clock.now();
  for (const conn of [...connections.all()]) {
    const heardAtMs = Math.max(conn.heardAtMs, conn.openedAtMs, world.lastPingMs(conn.line) ?? 0);
    if (nowMs - heardAtMs <= SILENT_AFTER_MS) continue;
    connections.close(conn, 'silent');
    noteGone(parts, conn.identity);
  }
  if (connections.size > 0) due.add(SWEEP, nowMs + SWEEP_EVERY_MS);
}
