import { MAX_SOCKET_SESSION_MS, realtimeErrors, ROOM_TICKET_SECONDS } from '../protocol/index.ts';
import type { RoomConnection } from './room-connection.ts';
import { type RoomSession, readRoomKey, reply } from './room-session.ts';

/** How often a socket in use gets a new ticket. */
const RENEW_AFTER_MS = (ROOM_TICKET_SECONDS * 1000) / 2;

async function signAndSendTicket(session: RoomSession, conn: RoomConnection): Promise<void> {
  const { runtime, store, connections } = session;
  const person = store.person(conn.identity);
  if (!person) return;
  const { issuedAtMs: _i, status: _s, handRaisedAt: _h, joinedAt: _j, seenAtMs: _n, ...rest } = person;
  const { readSeq: _r, sinceMs, ...claims } = rest;
  const nowMs = runtime.clock.now();
  const ticketClaims = { ...claims, ...readRoomKey(session), lobbyEntryId: null };
  const ticket = await runtime.services().signTicket(ticketClaims, sinceMs);
  if (conn.closed) return;
  connections.noteTicket(conn, nowMs);
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
