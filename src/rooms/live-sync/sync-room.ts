import type { Ctx } from '../../kernel/context/index.ts';
import { ROOM_TICKET_SECONDS } from '../../realtime/protocol/index.ts';
import { roomCommands, roomEndedCommand } from '../lifecycle/index.ts';
import { selectRoomOrDeleted } from './live-sync.queries.ts';
import { roomForgotten } from './live-sync.events.ts';

type RoomReference = { roomId: string };

/** Brings the live room's name, lock and features into line with its room. */
export async function syncRoom(ctx: Ctx, { roomId }: RoomReference): Promise<void> {
  const [[room]] = await ctx.read((q) => [selectRoomOrDeleted(q, ctx.organizationId, roomId)]);
  if (room && !room.deletedAt) await ctx.ports.liveRooms.apply(roomId, roomCommands(room));
}

/** Closes the live room while its room is still ended or deleted: it may have been opened again meanwhile. */
export async function syncRoomEnd(ctx: Ctx, { roomId }: RoomReference): Promise<void> {
  const [[room]] = await ctx.read((q) => [selectRoomOrDeleted(q, ctx.organizationId, roomId)]);
  if (room?.status === 'ended') await ctx.ports.liveRooms.apply(roomId, [roomEndedCommand(room)]);
}

/**
 * Schedules the deletion of a deleted room's live state for the time when no ticket opens it any longer: until then the
 * live room has to know that it has ended.
 */
export async function scheduleForget(ctx: Ctx, { roomId }: RoomReference): Promise<void> {
  const availableAtMs = ctx.clock.now() + ROOM_TICKET_SECONDS * 1000;
  await ctx.commit({
    write: () => [],
    events: [roomForgotten.of({ roomId }, { availableAtMs })],
    result: undefined,
  });
}

/** Deletes the state of a live room. */
export async function forgetLiveRoom(ctx: Ctx, { roomId }: RoomReference): Promise<void> {
  await ctx.ports.liveRooms.forget(roomId);
}
