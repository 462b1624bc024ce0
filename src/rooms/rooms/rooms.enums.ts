export { ROOM_ROLES, type RoomRole } from '../../realtime/protocol/index.ts';

/** The vocabularies of rooms: plain, for tables, schemas and rules alike. */
export const ROOM_TYPES = ['one_to_one', 'group', 'conference', 'broadcast', 'audio_room'] as const;
export type RoomType = (typeof ROOM_TYPES)[number];

/** ended: nobody gets in until it is opened again. */
export const ROOM_STATUSES = ['open', 'ended'] as const;

/** The roles that people have; the other two are for what services bring. */
export const PEOPLE_ROLES = ['host', 'moderator', 'participant', 'viewer'] as const;
export type DefaultRole = (typeof PEOPLE_ROLES)[number];

export interface RoomFeatures {
  recording: boolean;
  screenShare: boolean;
  chat: boolean;
  files: boolean;
  captions: boolean;
}

/** When a room is meant to be used: told, not enforced. */
export interface RoomSchedule {
  /** ISO 8601, UTC. */
  startsAt: string;
  durationSeconds: number;
  /** IANA name: the wall clock that a recurrence follows. */
  timeZone: string;
  /** RFC 5545 recurrence rule, without DTSTART; absent for a single meeting. */
  rrule?: string | undefined;
}

/** The role of who has none of their own, by their kind. */
export interface DefaultRoles {
  member: DefaultRole;
  guest: DefaultRole;
}
