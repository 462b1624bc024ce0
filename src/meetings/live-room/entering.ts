import {
  hiddenText,
  isOfChat,
  lobbyView,
  outcome,
  type Person,
  roleEvents,
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
  type ServerFrame,
} from '../realtime/index.ts';
import { type Conn, isWaiting, type Line } from './conn.ts';
import { BUFFER_LIMIT, ROOM_BUFFER_LIMIT } from './connections.ts';
import { arrive, planSweep } from './presence.ts';
import { OPENINGS, RATE, take } from './rate.rules.ts';
import { type Parts, perform, reply, seesChat, setPlace } from './room-parts.ts';
import { sendTicket } from './tickets.ts';

export const SOCKETS_PER_ROOM = 1_000;
/** Beside those: who waits takes nobody's place in the room. */
const SOCKETS_IN_LOBBY = 500;
/** The newest ones win. */
export const SOCKETS_PER_IDENTITY = 5;
/** A ticket may have been decided on a little before it was issued. */
const REVOCATION_SLACK_MS = 5_000;
/** The last to come are remembered. */
const OPENINGS_REMEMBERED = 2 * SOCKETS_PER_ROOM;
const TIDY_AFTER_MS = 3_600_000;

export const TIDY = 'tidy';

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

/** @throws AppError `realtime.too_fast` for who comes again and again */
function requirePace({ openings, world }: Parts, identity: string): void {
  const bucket = openings.get(identity) ?? { tokens: OPENINGS.burst, tokensAtMs: 0 };
  openings.delete(identity);
  if (openings.size >= OPENINGS_REMEMBERED) openings.delete(openings.keys().next().value!);
  openings.set(identity, bucket);
  if (!take(bucket, 1, OPENINGS, world.clock.now())) throw realtimeErrors.tooFast({ retryAfterSeconds: 2 });
}

/** Makes room for one more socket. @throws AppError `realtime.room_full` or `realtime.too_many_sockets` */
function makeRoom({ connections }: Parts, ticket: RoomTicket): void {
  const waits = isWaiting(ticket);
  const { size, waiting } = connections;
  if (waits ? waiting >= SOCKETS_IN_LOBBY : size - waiting >= SOCKETS_PER_ROOM)
    throw realtimeErrors.roomFull();
  const same = connections.ofIdentity(ticket.identity).filter((conn) => isWaiting(conn) === waits);
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
  requirePace(parts, ticket.identity);
  makeRoom(parts, ticket);
}

/** The socket of an admitted ticket: it says hello before it is told anything. */
export function enter(parts: Parts, line: Line, ticket: RoomTicket): void {
  const { store, due, world, connections } = parts;
  const { identity, lobbyEntryId } = ticket;
  setPlace(parts, ticket);
  if (lobbyEntryId === null) {
    const person = personOf(parts, ticket);
    const before = store.state.people.get(identity);
    const changes = [{ thing: 'person', id: identity, value: person }] as const;
    // On another device they may be here already, with an older ticket of another role.
    const events = before ? roleEvents(before, person, null) : [];
    perform(parts, outcome({ changes: [...changes], events }));
  }
  const nowMs = world.clock.now();
  connections.add(line, identity, lobbyEntryId, nowMs);
  planSweep(parts);
  due.add(TIDY, nowMs + TIDY_AFTER_MS);
}

function helloOfWaiting(parts: Parts, conn: Conn, lobbyEntryId: string): void {
  const decision = parts.store.state.lobby.get(lobbyEntryId)?.decision ?? null;
  parts.connections.greet(conn);
  reply(parts, conn, { type: 'waiting', entry: lobbyEntryId, decision, limits: LIMITS });
  if (decision !== null) parts.connections.close(conn, 'decided');
}

/** What a hello is answered with, and the event after which what was missed begins. */
function answerTo(cursor: Cursor | null, { log, store }: Parts, person: Person): [ServerFrame[], number] {
  const { state } = store;
  const mine = { you: youView(person, state), lobby: lobbyView(state, person), limits: LIMITS };
  const gap = cursor === null ? undefined : log.gapAfter(cursor);
  if (cursor !== null && gap === undefined)
    return [[{ type: 'resumed', from: cursor.seq + 1, to: log.headSeq, ...mine }], cursor.seq];
  const seq = gap === undefined || gap.reason === 'ahead' ? log.headSeq : gap.to;
  const welcome: ServerFrame = {
    type: 'welcome',
    cursor: { epoch: log.epoch, seq },
    roster: rosterView(state),
    state: stateView(state),
    ...mine,
  };
  return [[...(gap ? [{ type: 'gap', ...gap } as const] : []), welcome], seq];
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
  connections.greet(conn);
  const [frames, seq] = answerTo(cursor, parts, person);
  const isBarred = !seesChat(parts, conn.identity);
  const missed = log
    .after(seq)
    .map((event) => (isBarred && isOfChat(event) ? hiddenText(event) : event.text));
  const texts = [...frames.map((frame) => JSON.stringify(frame)), ...missed];
  // All of it may be on its way at once, whatever a socket may hold back otherwise; a unit is up to three bytes.
  conn.allowance = BUFFER_LIMIT + 3 * texts.reduce((sum, { length }) => sum + length, 0);
  for (const text of texts) connections.send(conn, text);
  sendTicket(parts, conn);
}
