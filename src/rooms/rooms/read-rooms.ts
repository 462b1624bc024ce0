import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readPageRange } from '../../kernel/core/index.ts';
import { roomErrors } from './rooms.errors.ts';
import { selectRoom, selectRooms } from './rooms.queries.ts';
import type { Room } from './rooms.rules.ts';
import type { ListRooms } from './rooms.schemas.ts';
import { requireGuestOfRoom, restrictedViewer } from './visibility.rules.ts';

export interface RoomWithCall {
  room: Room;
  /** The id of the open call; null when there is none. */
  callId: string | null;
}

/** The rooms of the organization that show to the caller. */
export async function listRooms(ctx: Ctx, query: ListRooms): Promise<Page<RoomWithCall>> {
  const page = { range: readPageRange(query), viewer: restrictedViewer(ctx.actor) };
  const [rows] = await ctx.read((q) => [selectRooms(q, ctx.organizationId, query, page)]);
  return pageOf(rows, query.limit, ({ room }) => room.id);
}

/** @throws AppError `rooms.not_found`, also for rooms that do not show to the caller */
export async function getRoom(ctx: Ctx, roomId: string): Promise<RoomWithCall> {
  requireGuestOfRoom(ctx.actor, roomId);
  const [[found]] = await ctx.read((q) => [
    selectRoom(q, ctx.organizationId, roomId, restrictedViewer(ctx.actor)),
  ]);
  if (!found) throw roomErrors.notFound();
  return found;
}
