import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  mergeMetadata,
  requestErrors,
  requireVersion,
} from '../../kernel/core/index.ts';
import { keptChanges } from '../../kernel/recurrence/index.ts';
import { readRoomAccess, requireManager, requireVisible, type RoomAccess } from '../access/index.ts';
import {
  holdRoomCapacity,
  maxCapacity,
  requireOccurrence,
  type RoomWithCall,
  syncCallLimits,
  updateRoomRow,
} from '../rooms/index.ts';
import { keepsWaiting } from './lifecycle.rules.ts';
import type { UpdateRoom } from './lifecycle.schemas.ts';
import { releaseWaiting } from '../links/index.ts';
import { roomUpdated } from '../rooms/index.ts';

/**
 * A room that the caller manages. Former members are refused as not being managers: their credential still names the
 * organization.
 * @throws AppError `rooms.not_found` or `rooms.not_manager`
 */
export async function readManagedRoom(ctx: Ctx, roomId: string): Promise<RoomAccess> {
  const [access] = await readRoomAccess(ctx, { roomId });
  requireManager(ctx.actor, requireVisible(access).room, access);
  return access;
}

/** Settings of which the open call keeps a copy. */
const CALL_LIMITS = ['emptyTimeoutSeconds', 'maxDurationSeconds', 'aloneTimeoutSeconds'] as const;

/**
 * Changes the settings that are named. People in the call stay, also when the capacity falls below their number.
 * @throws AppError `rooms.not_found`, `rooms.not_manager`, `rooms.bad_schedule`, `billing.limit_reached`,
 * `request.stale` or `request.invalid`
 */
export async function updateRoom(
  ctx: Ctx,
  roomId: string,
  input: UpdateRoom,
  ifMatch: IfMatch,
): Promise<RoomWithCall> {
  const { room, call } = await readManagedRoom(ctx, roomId);
  requireVersion(room, ifMatch);
  if (input.capacity !== undefined && input.capacity > maxCapacity(room.type))
    throw requestErrors.invalid({
      errors: [{ pointer: '/capacity', message: 'must be at most 2 in a one_to_one room' }],
    });
  requireOccurrence(input.schedule);
  const { metadata, ...plain } = input;
  const merged = {
    ...plain,
    ...(input.schedule === undefined
      ? {}
      : { scheduleChanges: keptChanges(room.schedule, input.schedule, room.scheduleChanges) }),
    ...mergeMetadata(room.metadata, metadata),
    features: { ...room.features, ...input.features },
    defaultRoles: { ...room.defaultRoles, ...input.defaultRoles },
  };
  const set = { ...merged, updatedAt: new Date(ctx.clock.now()) };
  const changed = { ...room, ...set, version: room.version + 1 };
  const result = await ctx.commit({
    write: (q) => [
      updateRoomRow(q, room, set),
      ...(CALL_LIMITS.some((limit) => input[limit] !== undefined) ? [syncCallLimits(q, room)] : []),
      ...(changed.capacity > room.capacity ? [holdRoomCapacity(q, { ...changed, now: set.updatedAt })] : []),
    ],
    audit: { action: 'room.updated', target: { type: 'room', id: roomId }, ...diffFields(room, merged) },
    events: [roomUpdated.of({ roomId })],
    result: { room: changed, callId: call?.id ?? null },
  });
  if (keepsWaiting(room) && !keepsWaiting(changed))
    ctx.after('lobby.release', () => releaseWaiting(ctx, roomId));
  return result;
}
