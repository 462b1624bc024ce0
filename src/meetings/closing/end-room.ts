import type { Ctx } from '../../platform/context/index.ts';
import { type Call, closing } from '../calls/index.ts';
import { findStanding } from '../lobby/index.ts';
import {
  actAtCluster,
  identityAt,
  type Place,
  requireModerator,
  shownBy,
  standingOf,
} from '../moderation/index.ts';
import { type LiveCommand, tellLiveRoom } from '../realtime/index.ts';
import { changeRoom, requireReach, type Room } from '../rooms/index.ts';
import { callTold, roomEndTold, roomTold } from './closing.rules.ts';
import type { EndRoom, RoomEndedView, RoomLockView } from './closing.schemas.ts';

/** Who asks, of whom it is known that they moderate. @throws AppError as `endRoom` */
async function readAsModerator(ctx: Ctx, place: Place) {
  requireReach(ctx.actor, place.roomId);
  const [[row]] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, place.roomId, identityAt(ctx.actor, place)),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  return standing;
}

/** Sends everybody away at once; the effects of the commit make up for what fails. */
async function sendAway(
  ctx: Ctx,
  room: Room,
  call: Call | undefined,
  commands: LiveCommand[],
): Promise<void> {
  await Promise.all([
    tellLiveRoom(ctx, room.id, commands),
    call && actAtCluster(ctx, call.cluster, 'end', (api) => api.deleteRoom(call.id)),
  ]);
}

/**
 * Ends the call for everybody, and the room until it is opened again. Again it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `request.stale`
 */
export async function endRoom(ctx: Ctx, place: Place, { keepOpen }: EndRoom): Promise<RoomEndedView> {
  const { room, call, identity } = await readAsModerator(ctx, place);
  const ends = !keepOpen && room.status === 'open';
  const status = ends ? 'ended' : room.status;
  const view: RoomEndedView = { roomId: room.id, status, callId: call?.id ?? null };
  if (!ends && !call) return view;
  const now = new Date(ctx.clock.now());
  const end = call && closing(call, 'closed', now);
  await ctx.commit({
    write: (q) => [
      ...(end ? [end.write(q)] : []),
      ...(ends ? [changeRoom(q, room, { status, updatedAt: now })] : []),
    ],
    audit: {
      action: ends ? 'room.ended' : 'call.ended',
      severity: 'warning',
      target: { type: 'room', id: room.id },
      after: { callId: view.callId, status },
    },
    effects: [
      ...(end?.effects ?? []),
      ...(ends ? [{ type: 'room.ended', key: room.id, payload: { roomId: room.id } }] : []),
    ],
    result: view,
  });
  const by = shownBy(identity);
  const callEnd = call && callTold({ ...call, status: 'ended', endedAt: now });
  const commands = [
    ...(callEnd ? [{ ...callEnd, by }] : []),
    ...(ends ? [roomEndTold({ ...room, updatedAt: now }, by)] : []),
  ];
  await sendAway(ctx, room, call, commands);
  return view;
}

/**
 * Locks the room to newcomers, or opens it to them. Again it changes nothing.
 * @throws AppError as `endRoom`
 */
export async function lockRoom(ctx: Ctx, place: Place, locked: boolean): Promise<RoomLockView> {
  const { room, identity } = await readAsModerator(ctx, place);
  const view: RoomLockView = { roomId: room.id, locked };
  if (room.locked === locked) return view;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [changeRoom(q, room, { locked, updatedAt })],
    audit: {
      action: locked ? 'room.locked' : 'room.unlocked',
      target: { type: 'room', id: room.id },
      before: { locked: room.locked },
      after: { locked },
    },
    effects: [{ type: 'room.updated', key: room.id, payload: { roomId: room.id } }],
    result: view,
  });
  const changed = { ...room, locked, updatedAt, version: room.version + 1 };
  await tellLiveRoom(ctx, room.id, roomTold(changed, shownBy(identity)));
  return view;
}
