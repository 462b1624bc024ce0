import type { Ctx } from '../../platform/context/index.ts';
import { actorId, type Page, pageOf, readCursor } from '../../platform/core/index.ts';
import { roomErrors } from './rooms.errors.ts';
import { findMemberRole, findRoom, findRoomPerson, listRoomRows } from './rooms.queries.ts';
import { type Known, requireReach, type Room, viewerOf } from './rooms.rules.ts';
import type { ListRooms } from './rooms.schemas.ts';

export interface RoomWithCall {
  room: Room;
  /** The call that is going on. */
  callId: string | null;
}

/** The rooms of the organization that the caller sees, in the order they were made. */
export async function listRooms(ctx: Ctx, query: ListRooms): Promise<Page<RoomWithCall>> {
  const page = { after: readCursor(query.cursor), viewer: viewerOf(ctx.actor) };
  const [rows] = await ctx.read((q) => [listRoomRows(q, ctx.organizationId, query, page)]);
  return pageOf(rows, query.limit, ({ room }) => room.id);
}

/** @throws AppError `rooms.not_found` */
export async function getRoom(ctx: Ctx, roomId: string): Promise<RoomWithCall> {
  requireReach(ctx.actor, roomId);
  const [[found]] = await ctx.read((q) => [findRoom(q, ctx.organizationId, roomId, viewerOf(ctx.actor))]);
  if (!found) throw roomErrors.notFound();
  return found;
}

/** A room together with what is known of the caller. @throws AppError `rooms.not_found` */
export async function getRoomAndCaller(ctx: Ctx, roomId: string): Promise<RoomWithCall & { known: Known }> {
  requireReach(ctx.actor, roomId);
  const identity = actorId(ctx.actor) ?? '';
  const [[found], [person], [member]] = await ctx.read((q) => [
    findRoom(q, ctx.organizationId, roomId, viewerOf(ctx.actor)),
    findRoomPerson(q, ctx.organizationId, roomId, identity),
    findMemberRole(q, ctx.organizationId, identity),
  ]);
  if (!found) throw roomErrors.notFound();
  return { ...found, known: { person, memberRole: member?.role ?? null } };
}
