import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import {
  listRoomsSchema,
  presentRoom,
  presentRoomForGuest,
  roomErrors,
  roomExample,
  roomPageSchema,
  roomParamsSchema,
  roomSchema,
} from '../rooms/index.ts';
import { deleteRoom } from './delete-room.ts';
import { endRoom } from './end-room.ts';
import { endRoomSchema, roomEndedSchema, roomLockSchema, updateRoomSchema } from './lifecycle.schemas.ts';
import { lockRoom } from './lock-room.ts';
import { getRoom, listRooms } from './read-rooms.ts';
import { updateRoom } from './update-room.ts';

const roomPath = '/api/v1/rooms/{roomId}';
const readAccess = { kind: 'permission', permission: 'rooms:read' } as const;
const manageAccess = { kind: 'permission', permission: 'rooms:write' } as const;
/** The caller's role in the room decides, and guests can have any role. */
const moderateAccess = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const moderateErrors = [roomErrors.notFound, moderatorErrors.notModerator] as const;
const roomId = 'room_01jd3v7q8gf4kr2x6a0w9mznpe';

/** For everybody to whom a room shows. */
const readRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms',
    operationId: 'listRooms',
    tag: 'Rooms',
    summary: 'List rooms',
    description:
      'Lists the rooms of the organization, by default the oldest first. A ring creates a direct room for two ' +
      'people. It and its breakout rooms are listed only for those two, for people who had a seat in one of their ' +
      'calls, for administrators and for API keys.',
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
    path: roomPath,
    operationId: 'getRoom',
    tag: 'Rooms',
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

/** For hosts of the room and administrators. */
const manageRoutes: readonly Route[] = [
  defineRoute({
    method: 'patch',
    path: roomPath,
    operationId: 'updateRoom',
    tag: 'Rooms',
    summary: 'Update a room',
    description:
      'Changes the settings that are given, also for an open call: features and lock apply at once. People ' +
      'in the call stay. `"status": "open"` opens a room that was ended. Hosts of the room and administrators can do this.',
    access: manageAccess,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: updateRoomSchema, example: { name: 'Support', locked: true } },
    concurrency: true,
    success: { 200: { description: 'The updated room', schema: roomSchema, example: roomExample } },
    errors: [
      entitlementErrors.limitReached,
      roomErrors.notFound,
      accessErrors.notManager,
      roomErrors.badSchedule,
    ],
    handle: async (ctx, { params, body: input, ifMatch }) => {
      const found = await updateRoom(ctx, params.roomId, input, ifMatch);
      return { view: presentRoom(found, ctx.clock.now()), version: found.room.version };
    },
    respond: ({ view, version }) => ok(view, version),
  }),
  defineRoute({
    method: 'delete',
    path: roomPath,
    operationId: 'deleteRoom',
    tag: 'Rooms',
    summary: 'Delete a room',
    description:
      'Deletes a room with its breakout rooms and ends their calls. It can no longer be joined; the history of its ' +
      'calls stays. Hosts of the room and administrators can do this.',
    access: manageAccess,
    limit: 'api',
    params: roomParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The room is deleted' } },
    errors: [roomErrors.notFound, accessErrors.notManager],
    handle: (ctx, { params, ifMatch }) => deleteRoom(ctx, params.roomId, ifMatch),
    respond: noContent,
  }),
];

const lockRoutes = ([true, false] as const).map((locked) =>
  defineRoute({
    method: 'post',
    path: `${roomPath}/${locked ? 'lock' : 'unlock'}`,
    operationId: locked ? 'lockRoom' : 'unlockRoom',
    tag: 'Moderation',
    summary: locked ? 'Lock a room' : 'Unlock a room',
    description: locked
      ? 'Refuses newcomers from now on. People in the call stay and can come back; hosts, moderators and people who ' +
        'are admitted from the lobby can join. Hosts and moderators can do this. Repeating it changes nothing.'
      : 'Lets newcomers join a locked room again. Hosts and moderators can do this. Repeating it changes nothing.',
    access: moderateAccess,
    limit: 'api',
    params: roomParamsSchema,
    success: {
      200: {
        description: locked ? 'The room is locked' : 'The room is not locked',
        schema: roomLockSchema,
        example: { roomId, locked },
      },
    },
    errors: moderateErrors,
    handle: (ctx, { params }) => lockRoom(ctx, params, locked),
    respond: (view) => ok(view),
  }),
);

export const lifecycleRoutes: readonly Route[] = [
  ...readRoutes,
  ...manageRoutes,
  defineRoute({
    method: 'post',
    path: `${roomPath}/end`,
    operationId: 'endRoom',
    tag: 'Moderation',
    summary: 'End a room',
    description:
      'Ends the open call for everybody and closes the room: nobody can join until it is updated to `"status": ' +
      '"open"`. With `keepOpen` it only ends the call. Breakout rooms end with their room. Hosts and moderators ' +
      'can do this. Repeating it changes nothing.',
    access: moderateAccess,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: endRoomSchema, example: {} },
    success: {
      200: {
        description: 'The room after it was ended',
        schema: roomEndedSchema,
        example: { roomId, status: 'ended', callId: 'call_01jd3v7q8gf4kr2x6a0w9mznpe' },
      },
    },
    errors: moderateErrors,
    handle: (ctx, { params, body }) => endRoom(ctx, params, body),
    respond: (view) => ok(view),
  }),
  ...lockRoutes,
];
