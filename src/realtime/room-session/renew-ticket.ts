import { MAX_SOCKET_SESSION_MS, realtimeErrors, ROOM_TICKET_SECONDS } from '../protocol/index.ts';
import type { RoomConnection } from './room-connection.ts';
import { type RoomSession, readRoomKey, reply } from './room-session.ts';

/** A socket that is heard of gets a fresh ticket as often. */
const RENEW_AFTER_MS = (ROOM_TICKET_SECONDS * 1000) / 2;

async function signAndSendTicket(session: RoomSession, conn: RoomConnection): Promise<void> {
  const { runtime, store, connections } = session;
  const person = store.person(conn.identity);
  if (!person) return;
  const {
    issuedAtMs: _i,
    status: _s,
    handRaisedAt: _h,
    joinedAt: _j,
    seenAtMs: _n,
    readSeq: _r,
    ...rest
  } = person;
  const { sinceMs, ...claims } = rest;
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

/** Gives a socket a fresh ticket, when there is one to give; a failure is logged, and asked for again by the client. */
export function sendTicket(session: RoomSession, conn: RoomConnection): void {
  if (conn.lobbyEntryId !== null || !canRenewTicket(session, conn)) return;
  conn.ticketAtMs = session.runtime.clock.now();
  session.runtime.keepAlive(
    signAndSendTicket(session, conn).catch((error: unknown) =>
      session.runtime.services().log.error('live_room.ticket_failed', { error }),
    ),
  );
}

/** @throws AppError `realtime.ticket_too_old` or `realtime.not_allowed` */
export async function refreshTicket(session: RoomSession, conn: RoomConnection): Promise<void> {
  if (conn.lobbyEntryId !== null) throw realtimeErrors.notAllowed();
  if (!canRenewTicket(session, conn)) throw realtimeErrors.ticketTooOld();
  await signAndSendTicket(session, conn);
}

/** A socket that is used has a ticket that opens the next one. */
export function renewTicketIfDue(session: RoomSession, conn: RoomConnection): void {
  if (session.runtime.clock.now() - conn.ticketAtMs > RENEW_AFTER_MS) sendTicket(session, conn);
}
