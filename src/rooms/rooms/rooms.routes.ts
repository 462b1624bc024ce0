import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { createRooms, type CreatedRooms } from './create-room.ts';
import { getRoom, listRooms } from './read-rooms.ts';
import { roomErrors } from './rooms.errors.ts';
import { roomExample } from './rooms.examples.ts';
import { presentRoom, presentRoomForGuest } from './rooms.present.ts';
import {
  createRoomSchema,
  createRoomsSchema,
  listRoomsSchema,
  roomListSchema,
  roomPageSchema,
  roomParamsSchema,
  roomSchema,
  type RoomView,
} from './rooms.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    /** `manage`: act as a host in every room of the organization. */
    rooms: 'read' | 'write' | 'manage';
  }
}

const tag = 'Rooms';
const readAccess = { kind: 'permission', permission: 'rooms:read' } as const;
const writeAccess = { kind: 'permission', permission: 'rooms:write' } as const;
const createRoomExample = { name: 'Weekly support', type: 'group', tags: ['support'] } as const;

const presentCreatedRooms = ({ rooms, madeAtMs }: CreatedRooms): RoomView[] =>
  rooms.map((room) => presentRoom({ room, callId: null }, madeAtMs));

export const roomRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms',
    operationId: 'createRoom',
    tag,
    summary: 'Create a room',
    description:
      'Creates a room whose host is the caller. Settings that are not given follow the type. No call begins: the ' +
      'first participant who joins the room begins one.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createRoomSchema, example: { ...createRoomExample, tags: [...createRoomExample.tags] } },
    idempotent: true,
    success: { 201: { description: 'The new room', schema: roomSchema, example: roomExample } },
    errors: [roomErrors.badSchedule],
    handle: (ctx, { body: input }) => createRooms(ctx, [input]),
    respond: (result) => {
      const [view] = presentCreatedRooms(result);
      return created(view, `/api/v1/rooms/${view!.id}`, result.rooms[0]!.version);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms/batch',
    operationId: 'createRooms',
    tag,
    summary: 'Create several rooms',
    description: 'Creates up to 100 rooms whose host is the caller: all of them, or none if one is refused.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createRoomsSchema, example: { rooms: [{ name: 'Room 1' }, { name: 'Room 2' }] } },
    bodyLimitBytes: 512 * 1024,
    idempotent: true,
    success: {
      201: { description: 'The new rooms', schema: roomListSchema, example: { data: [roomExample] } },
    },
    errors: [roomErrors.badSchedule],
    handle: (ctx, { body: { rooms } }) => createRooms(ctx, rooms),
    respond: (result) => created({ data: presentCreatedRooms(result) }, '/api/v1/rooms'),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms',
    operationId: 'listRooms',
    tag,
    summary: 'List rooms',
    description:
      'Lists the rooms of the organization, by default the oldest first. A direct room, which a ring created for two people, is ' +
      'listed for those two, for people who had a seat in one of its calls, for administrators and for API keys.',
    access: readAccess,
    limit: 'api',
    query: listRoomsSchema,
    success: {
      200: {
        description: 'A page of rooms',
        schema: roomPageSchema,
        example: { data: [roomExample], nextCursor: null },
      },
    },
    handle: async (ctx, { query }) => {
      const { data, nextCursor } = await listRooms(ctx, query);
      return { data: data.map((each) => presentRoom(each, ctx.clock.now())), nextCursor };
    },
    respond: (page) => ok(page),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms/{roomId}',
    operationId: 'getRoom',
    tag,
    summary: 'Get a room',
    description:
      'Returns a room of the organization with the id of its open call. Guests get the room of their ticket, without ' +
      'tags and metadata.',
    access: { ...readAccess, guests: true },
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: { description: 'The room', schema: roomSchema, example: roomExample } },
    errors: [roomErrors.notFound],
    handle: async (ctx, { params }) => {
      const found = await getRoom(ctx, params.roomId);
      const view = presentRoom(found, ctx.clock.now());
      const shown = ctx.actor.kind === 'guest' ? presentRoomForGuest(view) : view;
      return { view: shown, version: found.room.version };
    },
    respond: ({ view, version }) => ok(view, version),
  }),
];
