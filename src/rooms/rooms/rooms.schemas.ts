import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { maxCapacity } from './rooms.rules.ts';
import { PEOPLE_ROLES, ROOM_ROLES, ROOM_STATUSES, ROOM_TYPES } from './rooms.enums.ts';
import { isRecurrence, isTimeZone } from './schedule.rules.ts';

export const roomIdSchema = idSchema('room');
export const roomParamsSchema = z.strictObject({ roomId: roomIdSchema });
export const roomRoleSchema = z.enum(ROOM_ROLES);

const DAY_SECONDS = 86_400;
const name = z.string().trim().min(1).max(255);
const capacity = z.number().int().min(1).max(1_000);
const features = z.strictObject({
  recording: z.boolean(),
  screenShare: z.boolean(),
  chat: z.boolean(),
  files: z.boolean(),
  captions: z.boolean(),
});
const timeoutSeconds = z.number().int().min(5).max(DAY_SECONDS);
const defaultRole = z.enum(PEOPLE_ROLES);
const defaultRoles = z.strictObject({ member: defaultRole, guest: defaultRole });
const schedule = z.strictObject({
  startsAt: z.iso.datetime().refine((text) => text >= '1970', 'must not be before 1970'),
  durationSeconds: z
    .number()
    .int()
    .min(60)
    .max(7 * DAY_SECONDS),
  timeZone: z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as Europe/Madrid'),
  rrule: z
    .string()
    .max(500)
    .refine(isRecurrence, 'must be a recurrence rule such as FREQ=WEEKLY;BYDAY=MO, daily to yearly')
    .optional(),
});
const tags = z
  .array(z.string().trim().min(1).max(50))
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'must not hold a tag twice');
const metadata = z
  .record(z.string().min(1).max(64), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 entries');

const settings = {
  lobby: z.boolean(),
  locked: z.boolean(),
  schedule: schedule.nullable(),
  maxDurationSeconds: z
    .number()
    .int()
    .min(60)
    .max(7 * DAY_SECONDS)
    .nullable(),
  emptyTimeoutSeconds: timeoutSeconds,
  departureTimeoutSeconds: timeoutSeconds,
  tags,
  metadata,
};

const roomInput = z.strictObject({
  name,
  type: z.enum(ROOM_TYPES).default('group'),
  capacity: capacity.optional(),
  features: features.partial().optional(),
  defaultRoles: defaultRoles.partial().optional(),
  lobby: settings.lobby.default(false),
  locked: settings.locked.default(false),
  schedule: settings.schedule.default(null),
  maxDurationSeconds: settings.maxDurationSeconds.default(null),
  emptyTimeoutSeconds: timeoutSeconds.default(300),
  departureTimeoutSeconds: timeoutSeconds.default(20),
  tags: tags.default([]),
  metadata: metadata.default({}),
});

export const createRoomSchema = roomInput.refine(
  ({ type, capacity: seats }) => seats === undefined || seats <= maxCapacity(type),
  { path: ['capacity'], message: 'a room for two holds two' },
);
export type CreateRoom = z.output<typeof createRoomSchema>;

export const createRoomsSchema = z.strictObject({ rooms: z.array(createRoomSchema).min(1).max(100) });

export const updateRoomSchema = z
  .strictObject({
    name,
    capacity,
    features: features.partial(),
    defaultRoles: defaultRoles.partial(),
    /** open: lets people in again after the room was ended. */
    status: z.literal('open'),
    ...settings,
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateRoom = z.output<typeof updateRoomSchema>;

export const listRoomsSchema = pageQuerySchema.extend({
  status: z.enum(ROOM_STATUSES).optional().openapi({ example: 'open' }),
  type: z.enum(ROOM_TYPES).optional().openapi({ example: 'group' }),
  tag: z.string().max(50).optional().openapi({ example: 'support' }),
  live: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .openapi({ example: 'true', description: 'Whether a call is going on' }),
});
export type ListRooms = z.output<typeof listRoomsSchema>;

export const roomSchema = z
  .object({
    id: roomIdSchema,
    name: z.string(),
    type: z.enum(ROOM_TYPES),
    status: z.enum(ROOM_STATUSES),
    capacity,
    features,
    defaultRoles,
    lobby: z.boolean(),
    locked: z.boolean(),
    schedule: schedule.nullable(),
    nextStartsAt: z.iso.datetime().nullable(),
    maxDurationSeconds: z.number().int().nullable(),
    emptyTimeoutSeconds: z.number().int(),
    departureTimeoutSeconds: z.number().int(),
    tags: z.array(z.string()),
    metadata,
    parentRoomId: roomIdSchema.nullable(),
    createdBy: z.string(),
    /** The call that is going on. */
    callId: idSchema('call').nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Room');
export type RoomView = z.output<typeof roomSchema>;

export const roomPageSchema = pageSchema(roomSchema).openapi('RoomPage');
export const roomListSchema = z.object({ data: z.array(roomSchema) }).openapi('RoomList');

export const roomExample: RoomView = {
  id: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Weekly support',
  type: 'group',
  status: 'open',
  capacity: 50,
  features: { recording: false, screenShare: true, chat: true, files: true, captions: true },
  defaultRoles: { member: 'participant', guest: 'participant' },
  lobby: false,
  locked: false,
  schedule: {
    startsAt: '2026-01-05T09:00:00.000Z',
    durationSeconds: 3600,
    timeZone: 'Europe/Madrid',
    rrule: 'FREQ=WEEKLY;BYDAY=MO',
  },
  nextStartsAt: '2026-01-12T09:00:00.000Z',
  maxDurationSeconds: null,
  emptyTimeoutSeconds: 300,
  departureTimeoutSeconds: 20,
  tags: ['support'],
  metadata: {},
  parentRoomId: null,
  createdBy: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  callId: null,
  createdAt: '2026-01-05T08:30:00.000Z',
  updatedAt: '2026-01-05T08:30:00.000Z',
};
