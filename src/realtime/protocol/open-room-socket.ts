import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, requestErrors } from '../../kernel/core/index.ts';
import { ROOM_SUBPROTOCOL } from './client-frames.schemas.ts';
import { realtimeErrors } from './protocol.errors.ts';
import type { RoomTicket } from './protocol.ports.ts';
import { verifyRoomTicket } from './room-tickets.ts';

/** In the list of subprotocols, where browsers let a page say something: `ticket.<the ticket>`. */
const TICKET_PREFIX = 'ticket.';

export interface SocketHandshake {
  upgrade: string | undefined;
  origin: string | undefined;
  /** What the client offers, as it came. */
  protocols: string | undefined;
  /** Of the query, for clients that cannot offer subprotocols. */
  ticket: string | undefined;
  request: Request;
}

/**
 * Browsers say which page opens a socket and let any page do so; everybody else says what they like.
 * @throws AppError `realtime.origin_not_allowed`
 */
function requireAllowedOrigin({ config }: Ctx, origin: string | undefined): void {
  if (origin === undefined) return;
  const allowed = [...config.CORS_ORIGINS, new URL(config.PUBLIC_URL).origin];
  if (!allowed.includes(origin)) throw realtimeErrors.originNotAllowed();
}

/** @throws AppError `auth.required`, or `request.invalid` when only other protocols are offered */
function readTicket({ protocols, ticket }: SocketHandshake, subprotocol: string): string {
  const offered = protocols === undefined ? [] : protocols.split(',').map((each) => each.trim());
  if (offered.length > 0 && !offered.includes(subprotocol))
    throw requestErrors.invalid({
      errors: [{ pointer: '#/header/sec-websocket-protocol', message: `must offer ${subprotocol}` }],
    });
  const token = offered.find((each) => each.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length) ?? ticket;
  if (token === undefined) throw authErrors.required({ detail: 'a ticket opens the socket' });
  return token;
}

/**
 * What every socket's handshake has in common.
 * @returns the ticket's token
 * @throws AppError `realtime.upgrade_required`, `realtime.origin_not_allowed`, `auth.required` or `request.invalid`
 */
export function requireHandshake(
  ctx: Ctx,
  handshake: SocketHandshake,
  subprotocol = ROOM_SUBPROTOCOL,
): string {
  if (handshake.upgrade?.toLowerCase() !== 'websocket') throw realtimeErrors.upgradeRequired();
  requireAllowedOrigin(ctx, handshake.origin);
  return readTicket(handshake, subprotocol);
}

/**
 * Opens a room's socket: no database is asked, the ticket says it all.
 * @throws AppError `realtime.*` or `auth.*`
 */
export async function openRoomSocket(
  ctx: Ctx,
  roomId: string,
  handshake: SocketHandshake,
): Promise<Response> {
  const token = requireHandshake(ctx, handshake);
  const ticket: RoomTicket = await verifyRoomTicket(ctx.signer, token);
  if (ticket.roomId !== roomId) throw realtimeErrors.roomNotFound();
  return ctx.ports.liveRooms.connect(handshake.request, ticket, ctx.origin.continent);
}
