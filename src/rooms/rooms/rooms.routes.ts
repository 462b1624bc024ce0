import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { createRooms, type CreatedRooms } from './create-room.ts';
import { getRoom, listRooms, type RoomWithCall } from './read-rooms.ts';
import { roomErrors } from './rooms.errors.ts';
import {
  createRoomSchema,
  createRoomsSchema,
  listRoomsSchema,
  roomExample,
  roomListSchema,
  roomPageSchema,
  roomParamsSchema,
  roomSchema,
  type RoomView,
  updateRoomSchema,
} from './rooms.schemas.ts';
import { nextStart } from './schedule.rules.ts';
import { deleteRoom, updateRoom } from './update-room.ts';

const tag = 'Rooms';
const path = '/api/v1/rooms/{roomId}';
const readAccess = { kind: 'permission', permission: 'rooms:read' } as const;
const writeAccess = { kind: 'permission', permission: 'rooms:write' } as const;
const createRoomExample = { name: 'Weekly support', type: 'group', tags: ['support'] } as const;

/** A room as it is at a moment: the moment decides when it is to be used next. */
export function presentRoom({ room, callId }: RoomWithCall, nowMs: number): RoomView {
  const {
    organizationId: _o,
    deletedAt: _d,
    direct: _direct,
    directFor: _directFor,
    version: _v,
    createdAt,
    updatedAt,
    schedule,
    ...rest
  } = room;
  const next = schedule ? nextStart(schedule, nowMs) : null;
  return {
    ...rest,
    schedule,
    nextStartsAt: next === null ? null : new Date(next).toISOString(),
    callId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** What the organization notes about its room is not for its guests. */
const presentForGuest = (view: RoomView): RoomView => ({ ...view, tags: [], metadata: {} });

const presentCreatedRooms = ({ rooms, madeAtMs }: CreatedRooms): RoomView[] =>
  rooms.map((room) => presentRoom({ room, callId: null }, madeAtMs));

export const roomRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms',
    operationId: 'createRoom',
    tag,
    summary: 'Make a room, with the caller as its host',
    access: writeAccess,
    limit: 'api',
    body: { schema: createRoomSchema, example: { ...createRoomExample, tags: [...createRoomExample.tags] } },
    idempotent: true,
    success: { 201: { description: 'The room', schema: roomSchema, example: roomExample } },
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
    summary: 'Make up to 100 rooms, all of them or none',
    access: writeAccess,
    limit: 'api',
    body: { schema: createRoomsSchema, example: { rooms: [{ name: 'Room 1' }, { name: 'Room 2' }] } },
    bodyLimitBytes: 512 * 1024,
    idempotent: true,
    success: {
      201: {
        description: 'The rooms, in the order they were asked for',
        schema: roomListSchema,
        example: { data: [roomExample] },
      },
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
    summary: "List the organization's rooms",
    access: readAccess,
    limit: 'api',
    query: listRoomsSchema,
    success: {
      200: {
        description: 'A page',
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
    path,
    operationId: 'getRoom',
    tag,
    summary: 'Read a room',
    access: { ...readAccess, guests: true },
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: { description: 'The room', schema: roomSchema, example: roomExample } },
    errors: [roomErrors.notFound],
    handle: async (ctx, { params }) => {
      const found = await getRoom(ctx, params.roomId);
      const view = presentRoom(found, ctx.clock.now());
      return { view: ctx.actor.kind === 'guest' ? presentForGuest(view) : view, version: found.room.version };
    },
    respond: ({ view, version }) => ok(view, version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateRoom',
    tag,
    summary: 'Change a room, or open it again after it was ended',
    access: writeAccess,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: updateRoomSchema, example: { name: 'Support', locked: true } },
    concurrency: true,
    success: { 200: { description: 'The room as it is now', schema: roomSchema, example: roomExample } },
    errors: [roomErrors.notFound, roomErrors.notManager, roomErrors.badSchedule],
    handle: async (ctx, { params, body: input, ifMatch }) => {
      const found = await updateRoom(ctx, params.roomId, input, ifMatch);
      return { view: presentRoom(found, ctx.clock.now()), version: found.room.version };
    },
    respond: ({ view, version }) => ok(view, version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteRoom',
    tag,
    summary: 'Delete a room; its calls stay in the history',
    access: writeAccess,
    limit: 'api',
    params: roomParamsSchema,
    concurrency: true,
    success: { 204: { description: 'Deleted' } },
    errors: [roomErrors.notFound, roomErrors.notManager],
    handle: (ctx, { params, ifMatch }) => deleteRoom(ctx, params.roomId, ifMatch),
    respond: noContent,
  }),
];
