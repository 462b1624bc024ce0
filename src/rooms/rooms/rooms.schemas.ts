import { z } from '@hono/zod-openapi';
import {
  cleanLine,
  idSchema,
  lineSchema,
  metadataSchema,
  momentSince1970Schema,
  orderedPageQuerySchema,
  pageSchema,
  timeZoneSchema,
} from '../../kernel/core/index.ts';
import { maxCapacity } from './rooms.rules.ts';
import { PEOPLE_ROLES, ROOM_ROLES, ROOM_STATUSES, ROOM_TYPES } from './rooms.enums.ts';
import { isRecurrence } from '../../kernel/recurrence/index.ts';

export const roomIdSchema = idSchema('room');
export const roomParamsSchema = z.strictObject({ roomId: roomIdSchema.describe('The room.') });
export const roomRoleSchema = z.enum(ROOM_ROLES);

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

const capacity = z
  .number()
  .int()
  .min(1)
  .max(1_000)
  .describe(
    'How many people can be in a call at once: 1 to 1,000, at most 2 in a one_to_one room. Agents and observers do ' +
      'not count. A full room still admits its hosts (a one_to_one room its creator).',
  );
export const featuresSchema = z.strictObject({
  recording: z.boolean().describe('Whether calls can be recorded.'),
  screenShare: z.boolean().describe('Whether participants can share their screens.'),
  chat: z.boolean().describe('Whether the room has a chat.'),
  files: z.boolean().describe('Whether files can be shared.'),
  captions: z.boolean().describe('Whether captions can be shown.'),
});
const defaultRole = z.enum(PEOPLE_ROLES);
const defaultRoles = z.strictObject({
  member: defaultRole.describe(
    'Role of members of the organization without a role of their own in the room.',
  ),
  guest: defaultRole.describe(
    'Role that new share links of the room give to guests unless they name another.',
  ),
});
const schedule = z
  .strictObject({
    startsAt: momentSince1970Schema.describe('Start of the first occurrence, not before 1970.'),
    durationSeconds: z
      .number()
      .int()
      .min(60)
      .max(WEEK_SECONDS)
      .describe('Length of an occurrence in seconds, 60 to 604,800.'),
    timeZone: timeZoneSchema.describe(
      'Time zone that the recurrence follows, as an IANA name such as Europe/Madrid.',
    ),
    rrule: z
      .string()
      .max(500)
      .refine(isRecurrence, 'must be a recurrence rule such as FREQ=WEEKLY;BYDAY=MO, daily to yearly')
      .optional()
      .describe(
        'Recurrence rule of RFC 5545 without DTSTART, daily to yearly; absent for a single occurrence.',
      ),
  })
  .nullable()
  .describe('When the room is meant to be used; it neither opens nor closes the room. Null for no schedule.');
const tags = z
  .array(lineSchema(50))
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'must not hold a tag twice')
  .describe('Labels to filter rooms by: at most 20, each of 1 to 50 characters. Not shown to guests.');

/** The settings of a room, as they are given when it is created and updated. */
export const roomSettings = {
  name: lineSchema(255).describe('Name of the room, 1 to 255 characters.'),
  capacity,
  features: featuresSchema.partial(),
  defaultRoles: defaultRoles.partial(),
  lobby: z
    .boolean()
    .describe(
      'Whether people other than hosts and moderators wait in the lobby until they are admitted. Switching it off ' +
        'admits everybody who waits.',
    ),
  locked: z
    .boolean()
    .describe('Whether newcomers other than hosts and moderators are refused; people in the call stay.'),
  schedule,
  maxDurationSeconds: z
    .number()
    .int()
    .min(60)
    .max(WEEK_SECONDS)
    .nullable()
    .describe(
      'Seconds after which a call is ended, 60 to 604,800 (enforced once a minute); null for no limit.',
    ),
  emptyTimeoutSeconds: z
    .number()
    .int()
    .min(5)
    .max(DAY_SECONDS)
    .describe('Seconds that a call waits for the first participant to connect, 5 to 86,400.'),
  departureTimeoutSeconds: z
    .number()
    .int()
    .min(5)
    .max(DAY_SECONDS)
    .describe('Seconds that a call stays open after the last participant has left, 5 to 86,400.'),
  tags,
};
const typeDescription = 'Kind of room; it decides the default capacity, features and roles of a new room';

export const createRoomSchema = z
  .strictObject({
    ...roomSettings,
    type: z.enum(ROOM_TYPES).default('group').describe(typeDescription),
    capacity: roomSettings.capacity.optional(),
    features: roomSettings.features.optional().describe('Features to set; the others follow the type.'),
    defaultRoles: roomSettings.defaultRoles.optional().describe('Roles to set; the others follow the type.'),
    lobby: roomSettings.lobby.default(false),
    locked: roomSettings.locked.default(false),
    schedule: roomSettings.schedule.default(null),
    maxDurationSeconds: roomSettings.maxDurationSeconds.default(null),
    emptyTimeoutSeconds: roomSettings.emptyTimeoutSeconds.default(300),
    departureTimeoutSeconds: roomSettings.departureTimeoutSeconds.default(20),
    tags: tags.default([]),
    metadata: metadataSchema.default({}),
  })
  .refine(({ type, capacity: seats }) => seats === undefined || seats <= maxCapacity(type), {
    path: ['capacity'],
    message: 'must be at most 2 in a one_to_one room',
  });
export type CreateRoom = z.output<typeof createRoomSchema>;

export const createRoomsSchema = z.strictObject({
  rooms: z.array(createRoomSchema).min(1).max(100).describe('The rooms to create, 1 to 100.'),
});

export const listRoomsSchema = orderedPageQuerySchema.extend({
  status: z
    .enum(ROOM_STATUSES)
    .optional()
    .openapi({ example: 'open', description: 'Only rooms of this status' }),
  type: z.enum(ROOM_TYPES).optional().openapi({ example: 'group', description: 'Only rooms of this type' }),
  tag: z
    .string()
    .max(50)
    .overwrite(cleanLine)
    .optional()
    .openapi({ example: 'support', description: 'Only rooms with this tag' }),
  live: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .openapi({ example: 'true', description: 'Only rooms with an open call (true) or without one (false)' }),
});
export type ListRooms = z.output<typeof listRoomsSchema>;

export const roomSchema = z
  .object({
    id: roomIdSchema.describe('Id of the room.'),
    ...roomSettings,
    metadata: metadataSchema,
    name: z.string().describe('Name of the room.'),
    type: z.enum(ROOM_TYPES).describe(typeDescription),
    status: z
      .enum(ROOM_STATUSES)
      .describe('`open`, or `ended`: nobody can join until the room is opened again.'),
    features: featuresSchema.describe('What can be used in calls of the room.'),
    defaultRoles: defaultRoles.describe('Roles of people who were given none in the room.'),
    nextStartsAt: z.iso
      .datetime()
      .nullable()
      .describe('Start of the current or next occurrence of the schedule; null when there is none.'),
    tags: z.array(z.string()).describe('Labels to filter rooms by; empty for guests.'),
    parentRoomId: roomIdSchema
      .nullable()
      .describe('The room that a breakout room belongs to; null for all other rooms.'),
    createdBy: z.string().describe('Id of the user or API key that created the room and is its host.'),
    callId: idSchema('call').nullable().describe('The open call; null when there is none.'),
    createdAt: z.iso.datetime().describe('When the room was created.'),
    updatedAt: z.iso.datetime().describe('When the room last changed.'),
  })
  .openapi('Room');
export type RoomView = z.output<typeof roomSchema>;

export const roomPageSchema = pageSchema(roomSchema).openapi('RoomPage');
export const roomListSchema = z
  .object({ data: z.array(roomSchema).describe('The rooms, in the order of the request.') })
  .openapi('RoomList');
