import type { Ctx } from '../../kernel/context/index.ts';
import { type Call, prepareCallEnd } from '../../calls/calls/index.ts';
import { selectRoomAccess } from '../lobby/index.ts';
import {
  actAtCluster,
  requesterIdentity,
  type RoomAccessRequest,
  requireModerator,
  publicIdentity,
  roomAccessOf,
} from '../moderation/index.ts';
import { type LiveCommand, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { updateRoomRow, requireGuestOfRoom, type Room } from '../rooms/index.ts';
import { callCommand, roomEndedCommand, roomCommands } from './closing.rules.ts';
import type { EndRoom, RoomEndedView, RoomLockView } from './closing.schemas.ts';

/** Who asks, of whom it is known that they moderate. @throws AppError as `endRoom` */
async function readModeratorAccess(ctx: Ctx, request: RoomAccessRequest) {
  requireGuestOfRoom(ctx.actor, request.roomId);
  const [[row]] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, request.roomId, requesterIdentity(ctx.actor, request)),
  ]);
  const roomAccess = roomAccessOf(ctx.actor, request, row);
  requireModerator(roomAccess);
  return roomAccess;
}

/** Sends everybody away at once; the effects of the commit make up for what fails. */
async function disconnectEveryone(
  ctx: Ctx,
  room: Room,
  call: Call | undefined,
  commands: LiveCommand[],
): Promise<void> {
  await Promise.all([
    sendLiveCommands(ctx, room.id, commands),
    call && actAtCluster(ctx, call.cluster, 'end', (api) => api.deleteRoom(call.id)),
  ]);
}

/**
 * Ends the call for everybody, and the room until it is opened again. Again it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `request.stale`
 */
export async function endRoom(
  ctx: Ctx,
  request: RoomAccessRequest,
  { keepOpen }: EndRoom,
): Promise<RoomEndedView> {
  const { room, call, identity } = await readModeratorAccess(ctx, request);
  const endsRoom = !keepOpen && room.status === 'open';
  const status = endsRoom ? 'ended' : room.status;
  const view: RoomEndedView = { roomId: room.id, status, callId: call?.id ?? null };
  if (!endsRoom && !call) return view;
  const now = new Date(ctx.clock.now());
  const callEnd = call && prepareCallEnd(call, 'closed', now);
  await ctx.commit({
    write: (q) => [
      ...(callEnd ? [callEnd.write(q)] : []),
      ...(endsRoom ? [updateRoomRow(q, room, { status, updatedAt: now })] : []),
    ],
    audit: {
      action: endsRoom ? 'room.ended' : 'call.ended',
      severity: 'warning',
      target: { type: 'room', id: room.id },
      after: { callId: view.callId, status },
    },
    events: [
      ...(callEnd?.events ?? []),
      ...(endsRoom ? [{ type: 'room.ended', key: room.id, payload: { roomId: room.id } }] : []),
    ],
    result: view,
  });
  const by = publicIdentity(identity);
  const callEndCommand = call && callCommand({ ...call, status: 'ended', endedAt: now });
  const commands = [
    ...(callEndCommand ? [{ ...callEndCommand, by }] : []),
    ...(endsRoom ? [roomEndedCommand({ ...room, updatedAt: now }, by)] : []),
  ];
  await disconnectEveryone(ctx, room, call, commands);
  return view;
}

/**
 * Locks the room to newcomers, or opens it to them. Again it changes nothing.
 * @throws AppError as `endRoom`
 */
export async function lockRoom(ctx: Ctx, request: RoomAccessRequest, locked: boolean): Promise<RoomLockView> {
  const { room, identity } = await readModeratorAccess(ctx, request);
  const view: RoomLockView = { roomId: room.id, locked };
  if (room.locked === locked) return view;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [updateRoomRow(q, room, { locked, updatedAt })],
    audit: {
      action: locked ? 'room.locked' : 'room.unlocked',
      target: { type: 'room', id: room.id },
      before: { locked: room.locked },
      after: { locked },
    },
    events: [{ type: 'room.updated', key: room.id, payload: { roomId: room.id } }],
    result: view,
  });
  const changed = { ...room, locked, updatedAt, version: room.version + 1 };
  await sendLiveCommands(ctx, room.id, roomCommands(changed, publicIdentity(identity)));
  return view;
}
