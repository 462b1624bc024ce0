import { nextStart, type Schedule } from '../../kernel/recurrence/index.ts';
import type { DefaultRoles, RoomFeatures, RoomType } from './rooms.enums.ts';
import { roomErrors } from './rooms.errors.ts';
import type { roomPeople, rooms } from './rooms.tables.ts';

export type Room = typeof rooms.$inferSelect;
/** What a room stores about one identity: a role of their own, the link they came by, that they were removed. */
export type RoomPerson = Omit<typeof roomPeople.$inferSelect, 'roleCallId'>;

export interface RoomWithCall {
  room: Room;
  /** The id of the open call; null when there is none. */
  callId: string | null;
}

const MAX_CAPACITY = 1_000;

/** The settings of a new room, by its type. */
export const TYPE_DEFAULTS: Readonly<
  Record<RoomType, { capacity: number; features: RoomFeatures; defaultRoles: DefaultRoles }>
> = (() => {
  const features = { recording: false, screenShare: true, chat: true, files: true, captions: true };
  const defaultRoles = { member: 'participant', guest: 'participant' } as const;
  return {
    one_to_one: { capacity: 2, features, defaultRoles },
    group: { capacity: 50, features, defaultRoles },
    conference: { capacity: 200, features, defaultRoles },
    broadcast: { capacity: MAX_CAPACITY, features, defaultRoles: { member: 'viewer', guest: 'viewer' } },
    audio_room: { capacity: 50, features: { ...features, screenShare: false }, defaultRoles },
  };
})();

/** The highest capacity that a room of the type can have. */
export const maxCapacity = (type: RoomType): number => (type === 'one_to_one' ? 2 : MAX_CAPACITY);

/** @throws AppError `rooms.bad_schedule` for a recurrence without any occurrence */
export function requireOccurrence(schedule: Schedule | null | undefined): void {
  if (schedule?.rrule !== undefined && nextStart(schedule, 0) === null)
    throw roomErrors.badSchedule({ detail: 'the recurrence has no occurrence' });
}
