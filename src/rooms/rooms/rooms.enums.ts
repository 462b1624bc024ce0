export { ROOM_ROLES, type RoomRole } from '../../realtime/protocol/index.ts';

/** The vocabularies of rooms: plain, for tables, schemas and rules alike. */
export const ROOM_TYPES = ['one_to_one', 'group', 'conference', 'broadcast', 'audio_room'] as const;
export type RoomType = (typeof ROOM_TYPES)[number];

/** The rule of a room before people are recorded: a notice, or the consent of each of them. */
export const RECORDING_CONSENTS = ['notice', 'required'] as const;

/** The automatic recording of each call of a room. */
/** The recording of each call; `organization` means the organization's setting. */
export const AUTOMATIC_RECORDINGS = ['off', 'composite', 'audio', 'organization'] as const;

/** ended: nobody can join until it is opened again. */
export const ROOM_STATUSES = ['open', 'ended'] as const;

/** The roles of people, by how much they may do. Agent and observer are for what services bring. */
export const PEOPLE_ROLES = ['host', 'moderator', 'participant', 'viewer'] as const;
export type DefaultRole = (typeof PEOPLE_ROLES)[number];

export interface RoomFeatures {
  recording: boolean;
  screenShare: boolean;
  chat: boolean;
  files: boolean;
  captions: boolean;
}

/** The roles of people who were given none in the room. */
export interface DefaultRoles {
  member: DefaultRole;
  guest: DefaultRole;
}
