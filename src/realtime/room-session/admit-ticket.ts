import { realtimeErrors, type RoomTicket } from '../protocol/index.ts';
import { pendingMoveOf, unknownCredentialOf } from '../room-state/index.ts';
import { oldestBeyond, socketErrors, takeTokens } from '../sockets/index.ts';
import { OPENING_RATE } from './rate.rules.ts';
import { isInLobby } from '../room-connections/index.ts';
import type { RoomSession } from './room-session.ts';

export const SOCKETS_PER_ROOM = 1_000;
/** In addition to those: people who wait must not keep others out of the room. */
const SOCKETS_IN_LOBBY = 500;
/** The newest ones stay. */
export const SOCKETS_PER_IDENTITY = 5;
/** A decision covers tickets that were issued a little later than it, because clocks differ. */
export const REVOCATION_SLACK_MS = 5_000;
/** Identities whose opening rate is remembered. */
const MAX_REMEMBERED_OPENERS = 2 * SOCKETS_PER_ROOM;

/** Whether what the ticket rests on has ended. A session and an API key never begin again. */
function isCredentialEnded({ store }: RoomSession, { credential, userId, issuedAtMs }: RoomTicket): boolean {
  if (credential !== null) return store.credentialEndedAtMs(credential) !== undefined;
  if (userId === null) return false;
  const endedAtMs = store.credentialEndedAtMs(unknownCredentialOf(userId));
  return endedAtMs !== undefined && issuedAtMs <= endedAtMs + REVOCATION_SLACK_MS;
}

/**
 * @throws AppError `realtime.credential_ended`, or `realtime.removed` or `realtime.room_ended` when the ticket is older than
 * that decision
 */
function requireValidTicket(session: RoomSession, ticket: RoomTicket): void {
  const { store, runtime } = session;
  const { identity, issuedAtMs } = ticket;
  if (isCredentialEnded(session, ticket)) throw realtimeErrors.credentialEnded();
  const decisions = store.decisionsAbout(identity);
  const { removedAtMs } = decisions;
  if (removedAtMs !== null && issuedAtMs <= removedAtMs + REVOCATION_SLACK_MS) throw realtimeErrors.removed();
  const { endedAtMs } = store.state.facts;
  // A person who was moved when the room ended, as from a breakout room, has yet to learn where to go.
  const isMoved = pendingMoveOf(ticket, decisions, runtime.clock.now()) !== null;
  if (endedAtMs !== null && issuedAtMs <= endedAtMs && !isMoved) throw realtimeErrors.roomEnded();
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

/**
 * Checks whether a ticket opens a socket now.
 * @throws AppError `realtime.*`
 */
export function admitTicket(session: RoomSession, ticket: RoomTicket): void {
  requireValidTicket(session, ticket);
  requireOpeningRate(session, ticket.identity);
  requireSocketCapacity(session, ticket);
}
