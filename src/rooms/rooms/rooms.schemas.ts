import { z } from '@hono/zod-openapi';
import {
  cleanLine,
  idSchema,
  metadataSchema,
  orderedPageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { maxCapacity } from './rooms.rules.ts';
import { defaultRolesSchema, featuresSchema, roomSettings } from './room-settings.schemas.ts';
import { ROOM_ROLES, ROOM_STATUSES, ROOM_TYPES } from './rooms.enums.ts';

export const roomIdSchema = idSchema('room');
export const roomParamsSchema = z.strictObject({ roomId: roomIdSchema.describe('The room.') });
export const roomRoleSchema = z.enum(ROOM_ROLES);

const typeDescription = 'Kind of room; it decides the default capacity, features and roles of a new room';

export const createRoomSchema = z
  .strictObject({
    ...roomSettings,
    type: z.enum(ROOM_TYPES).default('group').describe(typeDescription),
    capacity: roomSettings.capacity.optional(),
    features: roomSettings.features.optional().describe('Features to set; the others follow the type.'),
    defaultRoles: roomSettings.defaultRoles.optional().describe('Roles to set; the others follow the type.'),
    lobby: roomSettings.lobby.default(false),
    waitForHost: roomSettings.waitForHost.default(false),
    locked: roomSettings.locked.default(false),
    recordingConsent: roomSettings.recordingConsent.default('notice'),
    automaticRecording: roomSettings.automaticRecording.default('organization'),
    schedule: roomSettings.schedule.default(null),
    maxDurationSeconds: roomSettings.maxDurationSeconds.default(null),
    aloneTimeoutSeconds: roomSettings.aloneTimeoutSeconds.default(null),
    emptyTimeoutSeconds: roomSettings.emptyTimeoutSeconds.default(300),
    departureTimeoutSeconds: roomSettings.departureTimeoutSeconds.default(20),
    tags: roomSettings.tags.default([]),
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
    defaultRoles: defaultRolesSchema.describe('Roles of people who were given none in the room.'),
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
