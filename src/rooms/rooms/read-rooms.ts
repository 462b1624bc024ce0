import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { roomErrors } from './rooms.errors.ts';
import { selectMemberRole, selectRoom, selectRoomPerson, selectRooms } from './rooms.queries.ts';
import { type RoomAccessFacts, requireGuestOfRoom, type Room, restrictedViewer } from './rooms.rules.ts';
import type { ListRooms } from './rooms.schemas.ts';

export interface RoomWithCall {
  room: Room;
  /** The call that is going on. */
  callId: string | null;
}

/** The rooms of the organization that the caller sees, in the order they were made. */
export async function listRooms(ctx: Ctx, query: ListRooms): Promise<Page<RoomWithCall>> {
  const page = { after: readCursor(query.cursor), viewer: restrictedViewer(ctx.actor) };
  const [rows] = await ctx.read((q) => [selectRooms(q, ctx.organizationId, query, page)]);
  return pageOf(rows, query.limit, ({ room }) => room.id);
}

/** @throws AppError `rooms.not_found` */
export async function getRoom(ctx: Ctx, roomId: string): Promise<RoomWithCall> {
  requireGuestOfRoom(ctx.actor, roomId);
  const [[found]] = await ctx.read((q) => [
    selectRoom(q, ctx.organizationId, roomId, restrictedViewer(ctx.actor)),
  ]);
  if (!found) throw roomErrors.notFound();
  return found;
}

/** A room together with what is known of the caller. @throws AppError `rooms.not_found` */
export async function getRoomWithAccessFacts(
  ctx: Ctx,
  roomId: string,
): Promise<RoomWithCall & { facts: RoomAccessFacts }> {
  requireGuestOfRoom(ctx.actor, roomId);
  const identity = actorId(ctx.actor) ?? '';
  const [[found], [person], [member]] = await ctx.read((q) => [
    selectRoom(q, ctx.organizationId, roomId, restrictedViewer(ctx.actor)),
    selectRoomPerson(q, ctx.organizationId, roomId, identity),
    selectMemberRole(q, ctx.organizationId, identity),
  ]);
  if (!found) throw roomErrors.notFound();
  return { ...found, facts: { person, memberRole: member?.role ?? null } };
}
