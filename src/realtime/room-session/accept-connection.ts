import {
  MAX_ROOM_FRAME_BYTES,
  type RoomCursor,
  type RoomServerFrame,
  type RoomTicket,
} from '../protocol/index.ts';
import {
  captionRequests,
  createOutcome,
  isChatEvent,
  type LivePerson,
  lobbyView,
  pendingMoveOf,
  roleChangeEvents,
  rosterView,
  stateView,
  toHiddenText,
  youView,
} from '../room-state/index.ts';
import { MAX_BUFFERED_BYTES, PING_SECONDS, socketErrors, type SocketHandle } from '../sockets/index.ts';
import { REVOCATION_SLACK_MS } from './admit-ticket.ts';
import { commitOutcome, hasChatAccess } from './commit-outcome.ts';
import { ROOM_FRAME_RATE } from './rate.rules.ts';
import { sendTicket } from './renew-ticket.ts';
import { ROOM_BUFFER_LIMIT, type RoomConnection } from '../room-connections/index.ts';
import { readRulesEarly } from './moderate-chat.ts';
import { reply, type RoomSession, saveRoomKey } from './room-session.ts';
import { recordArrival, scheduleSweep } from './track-presence.ts';

const PRUNE_AFTER_MS = 3_600_000;

/** The due task that deletes what is old; the name is stored. */
export const PRUNE_TASK = 'tidy';

const LIMITS = {
  frameBytes: MAX_ROOM_FRAME_BYTES,
  framesPerSecond: ROOM_FRAME_RATE.perSecond,
  pingSeconds: PING_SECONDS,
};

/** The person as the ticket describes them. The newest ticket counts, and so do decisions made since it was issued. */
function personFromTicket({ store, runtime }: RoomSession, ticket: RoomTicket): LivePerson {
  const {
    organizationId: _o,
    roomId: _r,
    lobbyEntryId: _l,
    credential: _c,
    expiresAtMs: _e,
    ...claims
  } = ticket;
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
    captionLanguage: null,
    spokenLanguage: null,
  };
  const { status, handRaisedAt, joinedAt, readSeq, captionLanguage = null, spokenLanguage = null } = previous;
  const kept = { status, handRaisedAt, joinedAt, readSeq, captionLanguage, spokenLanguage };
  return { ...claims, role, ...kept, seenAtMs: runtime.clock.now() };
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
  connections.add(socket, ticket, nowMs);
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
  { log, store, runtime }: RoomSession,
  person: LivePerson,
): [RoomServerFrame[], number] {
  const { state } = store;
  const pending = pendingMoveOf(person, store.decisionsAbout(person.identity), runtime.clock.now());
  const ownView = {
    you: youView(person, state),
    lobby: lobbyView(state, person),
    limits: LIMITS,
    move: pending && { toRoomId: pending.toRoomId, ticket: pending.ticket, by: pending.by },
  };
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
  if (person.role === 'agent' && store.state.facts.captions)
    texts.push(JSON.stringify({ type: 'captions.asked', ...captionRequests(store.state) }));
  // The whole replay may be buffered at once. A UTF-16 unit takes up to three bytes.
  conn.bufferLimit = MAX_BUFFERED_BYTES + 3 * texts.reduce((sum, { length }) => sum + length, 0);
  for (const text of texts) connections.send(conn, text);
  sendTicket(session, conn);
  readRulesEarly(session);
}
