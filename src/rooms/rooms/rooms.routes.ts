import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, type Route } from '../../platform/http/index.ts';
import { createRooms, type CreatedRooms } from './create-room.ts';
import { roomErrors } from './rooms.errors.ts';
import { roomExample } from './rooms.examples.ts';
import { presentRoom } from './rooms.present.ts';
import {
  createRoomSchema,
  createRoomsSchema,
  roomListSchema,
  roomSchema,
  type RoomView,
} from './rooms.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    /**
     * `manage`: act as a host in every room of the organization. `join`: start and join calls. `observe`: bring agents and
     * observers to them, in addition to `join`.
     */
    rooms: 'read' | 'write' | 'manage' | 'join' | 'observe';
  }
}

const tag = 'Rooms';
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
    errors: [entitlementErrors.limitReached, roomErrors.badSchedule],
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
    errors: [entitlementErrors.limitReached, roomErrors.badSchedule],
    handle: (ctx, { body: { rooms } }) => createRooms(ctx, rooms),
    respond: (result) => created({ data: presentCreatedRooms(result) }, '/api/v1/rooms'),
  }),
];
