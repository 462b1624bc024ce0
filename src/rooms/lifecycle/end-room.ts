import type { Ctx } from '../../kernel/context/index.ts';
import { type Call, prepareCallEnd } from '../../calls/calls/index.ts';
import { actAtCluster } from '../../calls/clusters/index.ts';
import { type LiveCommand, publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { type Room, updateRoomRow } from '../rooms/index.ts';
import { callCommand, roomEndedCommand } from './live-commands.rules.ts';
import type { EndRoom, RoomEndedView } from './lifecycle.schemas.ts';
import { roomEnded } from '../rooms/index.ts';

/** Closes sockets and media right after the commit; subscribers of its events repeat what fails. */
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
 * Ends the open call for everybody, and the room until it is opened again. Repeating it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `request.stale`
 */
export async function endRoom(
  ctx: Ctx,
  request: RoomAccessRequest,
  { keepOpen }: EndRoom,
): Promise<RoomEndedView> {
  const [access] = await requireRoomAccess(ctx, request);
  requireModerator(access);
  const { room, call, identity } = access;
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
    events: [...(callEnd?.events ?? []), ...(endsRoom ? [roomEnded.of({ roomId: room.id })] : [])],
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
