import { realtimeErrors, ROOM_TICKET_SECONDS } from '../realtime/index.ts';
import type { Conn } from './conn.ts';
import { type Parts, placeOf, reply } from './room-parts.ts';

/** The API has to be asked again at least once in this time: it knows what the room was not told. */
const CHAIN_MS = 86_400_000;
/** A socket that is heard of gets a fresh ticket as often. */
const RENEW_AFTER_MS = (ROOM_TICKET_SECONDS * 1000) / 2;

async function signAndSend(parts: Parts, conn: Conn): Promise<void> {
  const { world, store, connections } = parts;
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
  const nowMs = world.clock.now();
  const whole = { ...claims, ...placeOf(parts), lobbyEntryId: null };
  const ticket = await world.outside().signTicket(whole, sinceMs);
  if (conn.closed) return;
  connections.noteTicket(conn, nowMs);
  const expiresAt = new Date(nowMs + ROOM_TICKET_SECONDS * 1000).toISOString();
  reply(parts, conn, { type: 'ticket', ticket, expiresAt });
}

function mayRenew({ world, store }: Parts, conn: Conn): boolean {
  const person = store.person(conn.identity);
  return person !== undefined && world.clock.now() - person.sinceMs < CHAIN_MS;
}

/** Gives a socket a fresh ticket, when there is one to give; a failure is logged, and asked for again by the client. */
export function sendTicket(parts: Parts, conn: Conn): void {
  if (conn.lobbyEntryId !== null || !mayRenew(parts, conn)) return;
  conn.ticketAtMs = parts.world.clock.now();
  parts.world.keepAlive(
    signAndSend(parts, conn).catch((error: unknown) =>
      parts.world.outside().log.error('live_room.ticket_failed', { error }),
    ),
  );
}

/** @throws AppError `realtime.ticket_too_old` or `realtime.not_allowed` */
export async function refreshTicket(parts: Parts, conn: Conn): Promise<void> {
  if (conn.lobbyEntryId !== null) throw realtimeErrors.notAllowed();
  if (!mayRenew(parts, conn)) throw realtimeErrors.ticketTooOld();
  await signAndSend(parts, conn);
}

/** A socket that is used has a ticket that opens the next one. */
export function renewTicket(parts: Parts, conn: Conn): void {
  if (parts.world.clock.now() - conn.ticketAtMs > RENEW_AFTER_MS) sendTicket(parts, conn);
}
