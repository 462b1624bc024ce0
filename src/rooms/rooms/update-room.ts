import type { Ctx } from '../../kernel/context/index.ts';
import { diffFields, requestErrors, requireVersion } from '../../kernel/core/index.ts';
import { getRoomWithAccessFacts, type RoomWithCall } from './read-rooms.ts';
import { roomErrors } from './rooms.errors.ts';
import { updateRoomRow } from './rooms.queries.ts';
import { maxCapacity, requireManager } from './rooms.rules.ts';
import type { UpdateRoom } from './rooms.schemas.ts';
import { nextStart } from './schedule.rules.ts';

/**
 * Changes what is named and leaves the rest. Whoever is in already stays when the room gets smaller.
 * @throws AppError `rooms.not_found`, `rooms.not_manager`, `rooms.bad_schedule`, `request.stale` or `request.invalid`
 */
export async function updateRoom(
  ctx: Ctx,
  roomId: string,
  input: UpdateRoom,
  ifMatch: number | undefined,
): Promise<RoomWithCall> {
  const { room, callId, facts } = await getRoomWithAccessFacts(ctx, roomId);
  requireManager(ctx.actor, room, facts);
  requireVersion(room, ifMatch);
  if (input.capacity !== undefined && input.capacity > maxCapacity(room.type))
    throw requestErrors.invalid({ errors: [{ pointer: '/capacity', message: 'a room for two holds two' }] });
  if (input.schedule?.rrule !== undefined && nextStart(input.schedule, 0) === null)
    throw roomErrors.badSchedule({ detail: 'the recurrence has no occurrence' });
  const merged = {
    ...input,
    features: { ...room.features, ...input.features },
    defaultRoles: { ...room.defaultRoles, ...input.defaultRoles },
  };
  const set = { ...merged, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [updateRoomRow(q, room, set)],
    audit: { action: 'room.updated', target: { type: 'room', id: roomId }, ...diffFields(room, merged) },
    events: [{ type: 'room.updated', key: roomId, payload: { roomId } }],
    result: { room: { ...room, ...set, version: room.version + 1 }, callId },
  });
}

/**
 * Deletes a room: nobody gets in, and the call that is going on ends with the effect. Its history stays.
 * @throws AppError `rooms.not_found`, `rooms.not_manager` or `request.stale`
 */
export async function deleteRoom(ctx: Ctx, roomId: string, ifMatch: number | undefined): Promise<void> {
  const { room, facts } = await getRoomWithAccessFacts(ctx, roomId);
  requireManager(ctx.actor, room, facts);
  requireVersion(room, ifMatch);
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [updateRoomRow(q, room, { status: 'ended', deletedAt: now, updatedAt: now })],
    audit: {
      action: 'room.deleted',
      severity: 'warning',
      target: { type: 'room', id: roomId },
      before: { name: room.name, type: room.type },
    },
    events: [{ type: 'room.deleted', key: roomId, payload: { roomId } }],
    result: undefined,
  });
}
