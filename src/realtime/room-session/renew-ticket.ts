import { authErrors, isError } from '../../kernel/core/index.ts';
import {
  MAX_SOCKET_SESSION_MS,
  realtimeErrors,
  ROOM_TICKET_SECONDS,
  type RoomTicketClaims,
} from '../protocol/index.ts';
import type { RoomConnection } from '../room-connections/index.ts';
import { type RoomSession, readRoomKey, reply } from './room-session.ts';
import { closeEndedConnections } from './track-presence.ts';

/** How often a socket in use gets a new ticket. */
const RENEW_AFTER_MS = (ROOM_TICKET_SECONDS * 1000) / 2;

/** A credential that was proven so recently is not proven again; joining through the API proves it, too. */
const PROOF_COUNTS_MS = 60_000;

/**
 * Proves the credential behind the socket's ticket, and closes the socket when it has ended: a second check after
 * `credential.ended`, and the only one for expiry.
 * @returns whether the credential is valid
 */
async function proveCredential(
  session: RoomSession,
  conn: RoomConnection,
  claims: RoomTicketClaims,
): Promise<boolean> {
  const { runtime, connections } = session;
  const nowMs = runtime.clock.now();
  if (nowMs - conn.provenAtMs < PROOF_COUNTS_MS) return true;
  try {
    await runtime.services().proveCredential(claims);
  } catch (error) {
    if (!isError(error, authErrors.invalidToken, authErrors.outdatedToken)) throw error;
    closeEndedConnections(session, [conn]);
    return false;
  }
  if (!conn.closed) connections.change(conn, { provenAtMs: nowMs });
  return true;
}

async function signAndSendTicket(session: RoomSession, conn: RoomConnection): Promise<void> {
  const { runtime, store, connections } = session;
  const person = store.person(conn.identity);
  if (!person) return;
  const { issuedAtMs: _i, status: _s, handRaisedAt: _h, joinedAt: _j, seenAtMs: _n, ...rest } = person;
  const { readSeq: _r, sinceMs, ...claims } = rest;
  const nowMs = runtime.clock.now();
  const { credential } = conn;
  const ticketClaims = { ...claims, ...readRoomKey(session), credential, lobbyEntryId: null };
  if (!(await proveCredential(session, conn, ticketClaims))) return;
  const ticket = await runtime.services().signTicket(ticketClaims, sinceMs);
  if (conn.closed) return;
  connections.change(conn, { ticketAtMs: nowMs });
  const expiresAt = new Date(nowMs + ROOM_TICKET_SECONDS * 1000).toISOString();
  reply(session, conn, { type: 'ticket', ticket, expiresAt });
}

function canRenewTicket({ runtime, store }: RoomSession, conn: RoomConnection): boolean {
  const person = store.person(conn.identity);
  return person !== undefined && runtime.clock.now() - person.sinceMs < MAX_SOCKET_SESSION_MS;
}

/** Sends a new ticket if the socket may have one. A failure is logged; the client can ask again. */
export function sendTicket(session: RoomSession, conn: RoomConnection): void {
  if (conn.lobbyEntryId !== null || !canRenewTicket(session, conn)) return;
  conn.ticketAtMs = session.runtime.clock.now();
  session.runtime.keepAlive(
    signAndSendTicket(session, conn).catch((error: unknown) =>
      session.runtime.services().log.error('live_room.ticket_failed', { error }),
    ),
  );
}

/** Answers `ticket.refresh`. @throws AppError `realtime.ticket_too_old` or `realtime.not_allowed` */
export async function refreshTicket(session: RoomSession, conn: RoomConnection): Promise<void> {
  if (conn.lobbyEntryId !== null) throw realtimeErrors.notAllowed();
  if (!canRenewTicket(session, conn)) throw realtimeErrors.ticketTooOld();
  await signAndSendTicket(session, conn);
}

/** Makes sure that a socket in use has a ticket for the next one. */
export function renewTicketIfDue(session: RoomSession, conn: RoomConnection): void {
  if (session.runtime.clock.now() - conn.ticketAtMs > RENEW_AFTER_MS) sendTicket(session, conn);
}
