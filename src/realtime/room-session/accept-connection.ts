import {
  MAX_ROOM_FRAME_BYTES,
  realtimeErrors,
  type RoomCursor,
  type RoomServerFrame,
  type RoomTicket,
} from '../protocol/index.ts';
import {
  createOutcome,
  isChatEvent,
  type LivePerson,
  lobbyView,
  roleChangeEvents,
  rosterView,
  stateView,
  toHiddenText,
  youView,
} from '../room-state/index.ts';
import {
  MAX_BUFFERED_BYTES,
  oldestBeyond,
  PING_SECONDS,
  socketErrors,
  type SocketHandle,
  takeTokens,
} from '../sockets/index.ts';
import { commitOutcome, hasChatAccess } from './commit-outcome.ts';
import { OPENING_RATE, ROOM_FRAME_RATE } from './rate.rules.ts';
import { sendTicket } from './renew-ticket.ts';
import { isInLobby, type RoomConnection } from './room-connection.ts';
import { ROOM_BUFFER_LIMIT } from './room-connections.ts';
import { reply, type RoomSession, saveRoomKey } from './room-session.ts';
import { recordArrival, scheduleSweep } from './track-presence.ts';

export const SOCKETS_PER_ROOM = 1_000;
/** In addition to those: people who wait must not keep others out of the room. */
const SOCKETS_IN_LOBBY = 500;
/** The newest ones stay. */
export const SOCKETS_PER_IDENTITY = 5;
/** A decision covers tickets that were issued a little later than it, because clocks differ. */
const REVOCATION_SLACK_MS = 5_000;
/** Identities whose opening rate is remembered. */
const MAX_REMEMBERED_OPENERS = 2 * SOCKETS_PER_ROOM;
const PRUNE_AFTER_MS = 3_600_000;

/** The due task that deletes what is old; the name is stored. */
export const PRUNE_TASK = 'tidy';

const LIMITS = {
  frameBytes: MAX_ROOM_FRAME_BYTES,
  framesPerSecond: ROOM_FRAME_RATE.perSecond,
  pingSeconds: PING_SECONDS,
};

/** @throws AppError `realtime.removed` or `realtime.room_ended` when the ticket is older than that decision */
function requireValidTicket({ store }: RoomSession, { identity, issuedAtMs }: RoomTicket): void {
  const { removedAtMs } = store.decisionsAbout(identity);
  if (removedAtMs !== null && issuedAtMs <= removedAtMs + REVOCATION_SLACK_MS) throw realtimeErrors.removed();
  const { endedAtMs } = store.state.facts;
  if (endedAtMs !== null && issuedAtMs <= endedAtMs) throw realtimeErrors.roomEnded();
}

/** @throws AppError `realtime.too_fast` for a person who keeps reconnecting */
function requireOpeningRate({ openings, runtime }: RoomSession, identity: string): void {
  const bucket = openings.get(identity) ?? { tokens: OPENING_RATE.burst, tokensAtMs: 0 };
  openings.delete(identity);
  if (openings.size >= MAX_REMEMBERED_OPENERS) openings.delete(openings.keys().next().value!);
  openings.set(identity, bucket);
  if (!takeTokens(bucket, 1, OPENING_RATE, runtime.clock.now()))
    throw socketErrors.tooFast({ retryAfterSeconds: 2 });
}

/** Makes place for one more socket. @throws AppError `realtime.room_full` or `realtime.too_many_sockets` */
function requireSocketCapacity({ connections }: RoomSession, ticket: RoomTicket): void {
  const inLobby = isInLobby(ticket);
  const { size, lobbySize } = connections;
  if (inLobby ? lobbySize >= SOCKETS_IN_LOBBY : size - lobbySize >= SOCKETS_PER_ROOM)
    throw realtimeErrors.roomFull();
  const ofSamePerson = connections.ofIdentity(ticket.identity).filter((conn) => isInLobby(conn) === inLobby);
  if (ofSamePerson.length < SOCKETS_PER_IDENTITY) return;
  const open = ofSamePerson.filter((conn) => !conn.closed);
  // A socket that was closed and does not go away still takes memory.
  if (ofSamePerson.length - open.length >= SOCKETS_PER_IDENTITY) throw realtimeErrors.tooManySockets();
  for (const conn of oldestBeyond(open, Math.min(SOCKETS_PER_IDENTITY, open.length) - 1))
    connections.close(conn, 'replaced');
}

/** The person as the ticket describes them. The newest ticket counts, and so do decisions made since it was issued. */
function personFromTicket({ store, runtime }: RoomSession, ticket: RoomTicket): LivePerson {
  const { organizationId: _o, roomId: _r, lobbyEntryId: _l, expiresAtMs: _e, ...claims } = ticket;
  const existing = store.person(ticket.identity);
  if (existing && existing.issuedAtMs > ticket.issuedAtMs) return existing;
  const decisions = store.decisionsAbout(ticket.identity);
  const role =
    decisions.role !== null && ticket.issuedAtMs <= decisions.roleAtMs + REVOCATION_SLACK_MS
      ? decisions.role
      : claims.role;
  const previous = existing ?? {
    status: 'active' as const,
    handRaisedAt: null,
    joinedAt: null,
    readSeq: 0,
  };
  const { status, handRaisedAt, joinedAt, readSeq } = previous;
  return { ...claims, role, status, handRaisedAt, joinedAt, readSeq, seenAtMs: runtime.clock.now() };
}

/**
 * Checks whether a ticket opens a socket now.
 * @throws AppError `realtime.*`
 */
export function admitTicket(session: RoomSession, ticket: RoomTicket): void {
  requireValidTicket(session, ticket);
  requireOpeningRate(session, ticket.identity);
  requireSocketCapacity(session, ticket);
}

/** Accepts the socket of an admitted ticket. It receives nothing before its hello. */
export function acceptConnection(session: RoomSession, socket: SocketHandle, ticket: RoomTicket): void {
  const { store, due, runtime, connections } = session;
  const { identity, lobbyEntryId } = ticket;
  saveRoomKey(session, ticket);
  if (lobbyEntryId === null) {
    const person = personFromTicket(session, ticket);
    const earlier = store.state.people.get(identity);
    const changes = [{ record: 'person', id: identity, value: person }] as const;
    // They may be in the room already, on another device with an older ticket of another role.
    const events = earlier ? roleChangeEvents(earlier, person, null) : [];
    commitOutcome(session, createOutcome({ changes: [...changes], events }));
  }
  const nowMs = runtime.clock.now();
  connections.add(socket, identity, lobbyEntryId, nowMs);
  scheduleSweep(session);
  due.addEarliest(nowMs + PRUNE_AFTER_MS, PRUNE_TASK);
}

function answerLobbyHello(session: RoomSession, conn: RoomConnection, lobbyEntryId: string): void {
  const decision = session.store.state.lobby.get(lobbyEntryId)?.decision ?? null;
  session.connections.markGreeted(conn);
  reply(session, conn, { type: 'waiting', entry: lobbyEntryId, decision, limits: LIMITS });
  if (decision !== null) session.connections.close(conn, 'decided');
}

/** The frames that answer a hello, and the number of the event after which the replay starts. */
function createHelloAnswer(
  cursor: RoomCursor | null,
  { log, store }: RoomSession,
  person: LivePerson,
): [RoomServerFrame[], number] {
  const { state } = store;
  const ownView = { you: youView(person, state), lobby: lobbyView(state, person), limits: LIMITS };
  const gap = cursor === null ? undefined : log.gapAfter(cursor);
  if (cursor !== null && gap === undefined)
    return [[{ type: 'resumed', from: cursor.seq + 1, to: log.headSeq, ...ownView }], cursor.seq];
  const seq = gap === undefined || gap.reason === 'ahead' ? log.headSeq : gap.to;
  const welcome: RoomServerFrame = {
    type: 'welcome',
    cursor: { epoch: log.epoch, seq },
    roster: rosterView(state),
    state: stateView(state),
    ...ownView,
  };
  return [[...(gap ? [{ type: 'gap', ...gap } as const] : []), welcome], seq];
}

/**
 * Answers the first frame of a socket. From here on the socket receives every event once and in order: first those it
 * missed, as far as they are stored, after one gap that names the others.
 * @throws AppError `realtime.hello_twice`
 */
export function answerHello(session: RoomSession, conn: RoomConnection, cursor: RoomCursor | null): void {
  const { store, log, connections } = session;
  if (conn.hello) throw socketErrors.helloTwice();
  if (conn.lobbyEntryId !== null) return answerLobbyHello(session, conn, conn.lobbyEntryId);
  if (connections.totalBufferedBytes() > ROOM_BUFFER_LIMIT / 2) return connections.close(conn, 'crowded');
  const existing = store.person(conn.identity);
  if (!existing) return connections.close(conn, 'silent');
  const person = recordArrival(session, existing);
  connections.markGreeted(conn);
  const [frames, seq] = createHelloAnswer(cursor, session, person);
  const lacksChat = !hasChatAccess(session, conn.identity);
  const missed = log
    .eventsAfter(seq)
    .map((event) => (lacksChat && isChatEvent(event) ? toHiddenText(event) : event.text));
  const texts = [...frames.map((frame) => JSON.stringify(frame)), ...missed];
  // The whole replay may be buffered at once. A UTF-16 unit takes up to three bytes.
  conn.bufferLimit = MAX_BUFFERED_BYTES + 3 * texts.reduce((sum, { length }) => sum + length, 0);
  for (const text of texts) connections.send(conn, text);
  sendTicket(session, conn);
}
