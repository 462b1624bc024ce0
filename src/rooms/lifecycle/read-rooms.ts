import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readPageRange } from '../../kernel/core/index.ts';
import { requireGuestOfRoom, restrictedViewer, selectVisibleRoom } from '../access/index.ts';
import { type ListRooms, roomErrors, type RoomWithCall } from '../rooms/index.ts';
import { selectRooms } from './lifecycle.queries.ts';

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
    selectVisibleRoom(q, ctx.organizationId, roomId, restrictedViewer(ctx.actor)),
  ]);
  if (!found) throw roomErrors.notFound();
  return found;
}
