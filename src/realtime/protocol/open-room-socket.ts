import type { Ctx } from '../../kernel/context/index.ts';
import { requireHandshake, type SocketHandshake } from '../sockets/index.ts';
import { ROOM_SUBPROTOCOL } from './client-frames.schemas.ts';
import { realtimeErrors } from './protocol.errors.ts';
import { verifyRoomTicket } from './room-tickets.ts';

/**
 * Opens the socket of a room. The ticket says all that is needed, so no database is read.
 * @returns the answer to the upgrade
 * @throws AppError `realtime.*`, `auth.*`, `request.invalid` or `server.unavailable`
 */
export async function openRoomSocket(
  ctx: Ctx,
  roomId: string,
  handshake: SocketHandshake,
): Promise<Response> {
  const token = requireHandshake(ctx, handshake, ROOM_SUBPROTOCOL);
  const ticket = await verifyRoomTicket(ctx.signer, token);
  if (ticket.roomId !== roomId) throw realtimeErrors.roomNotFound();
  return ctx.ports.liveRooms.connect(handshake.request, ticket, ctx.origin.continent);
}
