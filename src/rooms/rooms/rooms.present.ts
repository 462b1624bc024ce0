import type { RoomWithCall } from './rooms.rules.ts';
import type { RoomView } from './rooms.schemas.ts';
import { nextStart } from '../../kernel/recurrence/index.ts';

/** A room as the API shows it. @param nowMs decides which occurrence of the schedule is the next */
export function presentRoom({ room, callId }: RoomWithCall, nowMs: number): RoomView {
  const {
    organizationId: _organizationId,
    deletedAt: _deletedAt,
    direct: _direct,
    directFor: _directFor,
    cluster: _cluster,
    version: _version,
    createdAt,
    updatedAt,
    schedule,
    scheduleChanges,
    ...rest
  } = room;
  const nextMs = schedule ? nextStart(schedule, nowMs, scheduleChanges) : null;
  return {
    ...rest,
    schedule,
    nextStartsAt: nextMs === null ? null : new Date(nextMs).toISOString(),
    callId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** Tags and metadata are the organization's own notes and are not shown to guests. */
export const presentRoomForGuest = (view: RoomView): RoomView => ({ ...view, tags: [], metadata: {} });
