import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, ReadRows, Statement } from '../../kernel/db/index.ts';
import { selectRoomAccess } from './access.queries.ts';
import {
  accessKeyOf,
  requireMember,
  requireVisible,
  type RoomAccess,
  type RoomAccessRequest,
  roomAccessOf,
} from './access.rules.ts';
import { requireGuestOfRoom } from './viewer.rules.ts';

/**
 * Reads the caller's access to a room, together with anything else that the verb needs, in one round trip.
 * @param alsoRead further statements; their rows follow the access in the answer
 * @throws AppError `rooms.not_found` when the room does not exist, and for a guest of another room
 */
export async function readRoomAccess<const T extends readonly Statement[] = readonly []>(
  ctx: Ctx,
  request: RoomAccessRequest,
  alsoRead?: (q: Queries) => T,
): Promise<[RoomAccess, ...ReadRows<T>]> {
  requireGuestOfRoom(ctx.actor, request.roomId);
  const [[row], ...rest] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, accessKeyOf(ctx.actor, request)),
    ...(alsoRead?.(q) ?? []),
  ]);
  return [roomAccessOf(ctx.actor, request, row), ...rest] as [RoomAccess, ...ReadRows<T>];
}

/**
 * The same, for callers to whom the room shows.
 * @throws AppError `rooms.not_found` also for former members, and for those to whom a private room does not show
 */
export async function requireRoomAccess<const T extends readonly Statement[] = readonly []>(
  ctx: Ctx,
  request: RoomAccessRequest,
  alsoRead?: (q: Queries) => T,
): Promise<[RoomAccess, ...ReadRows<T>]> {
  const [access, ...rest] = await readRoomAccess(ctx, request, alsoRead);
  requireMember(requireVisible(access));
  return [access, ...rest] as [RoomAccess, ...ReadRows<T>];
}
