import type { Ctx } from '../../kernel/context/index.ts';
import { prepareCallEnd, selectOpenCall } from '../../calls/calls/index.ts';
import { enforceGrants } from '../moderation/index.ts';
import { ROOM_TICKET_SECONDS } from '../../realtime/protocol/index.ts';
import { selectRoomOrDeleted, selectCallWithRoom } from './lifecycle.queries.ts';
import { callCommand, roomEndedCommand, roomCommands } from './lifecycle.rules.ts';

type RoomReference = { roomId: string };

/** @returns whether there is such a room to be told */
async function applyRoomState(ctx: Ctx, { roomId }: RoomReference): Promise<boolean> {
  const [[room]] = await ctx.read((q) => [selectRoomOrDeleted(q, ctx.organizationId, roomId)]);
  if (!room || room.deletedAt) return false;
  await ctx.ports.liveRooms.apply(roomId, roomCommands(room));
  return true;
}

/** A live room knows from the beginning what its room was made with: lock, name and features. */
export async function syncNewRoom(ctx: Ctx, room: RoomReference): Promise<void> {
  await applyRoomState(ctx, room);
}

/** Makes live room and cluster follow a room's lock, name and features. */
export async function syncRoom(ctx: Ctx, room: RoomReference): Promise<void> {
  if (await applyRoomState(ctx, room)) await enforceGrants(ctx, room.roomId);
}

/** Closes the live room of a room that is still ended. */
export async function syncRoomEnd(ctx: Ctx, { roomId }: RoomReference): Promise<void> {
  const [[room]] = await ctx.read((q) => [selectRoomOrDeleted(q, ctx.organizationId, roomId)]);
  if (room?.status === 'ended') await ctx.ports.liveRooms.apply(roomId, [roomEndedCommand(room)]);
}

/** Tells a live room of its call; of one that is over nothing is left at the cluster. */
export async function syncCall(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectCallWithRoom(q, ctx.organizationId, callId)]);
  if (!found) return;
  const { call, room } = found;
  const command = callCommand(call);
  if (command && !room.deletedAt) await ctx.ports.liveRooms.apply(room.id, [command]);
  // One that is lost has none by the cluster's own list; should that be wrong, its people are not sent away.
  if (!call.endedAt || call.endReason === 'lost') return;
  const { clusters } = ctx.ports;
  // However often it is tried, nobody can be asked. Should the cluster be back, the reconciliation deletes the room.
  if (clusters.names.includes(call.cluster)) await clusters.api(call.cluster, ctx.trace).deleteRoom(callId);
  else ctx.log.warn('calls.cluster_unknown', { callId, cluster: call.cluster });
}

/**
 * Ends what goes on in a room that was deleted. Its live room is forgotten once no ticket opens it any more: until then
 * it has to know that it has ended.
 */
export async function syncRoomDeletion(ctx: Ctx, { roomId }: RoomReference): Promise<void> {
  const { organizationId } = ctx;
  const [[room], [call]] = await ctx.read((q) => [
    selectRoomOrDeleted(q, organizationId, roomId),
    selectOpenCall(q, organizationId, roomId),
  ]);
  if (!room?.deletedAt) return;
  const now = ctx.clock.now();
  const end = call && prepareCallEnd(call, 'closed', new Date(now));
  const availableAtMs = now + ROOM_TICKET_SECONDS * 1000;
  await ctx.commit({
    write: (q) => (end ? [end.write(q)] : []),
    events: [
      ...(end?.events ?? []),
      { type: 'room.forgotten', key: roomId, payload: { roomId }, availableAtMs },
    ],
    result: undefined,
  });
  await ctx.ports.liveRooms.apply(roomId, [roomEndedCommand(room)]);
}

export async function forgetLiveRoom(ctx: Ctx, { roomId }: RoomReference): Promise<void> {
  await ctx.ports.liveRooms.forget(roomId);
}
