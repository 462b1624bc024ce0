import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { moderationErrors } from '../moderation/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { endRoomSchema, roomEndedSchema, roomLockSchema } from './closing.schemas.ts';
import { endRoom, lockRoom } from './end-room.ts';

const tag = 'Moderation';
const roomPath = '/api/v1/rooms/{roomId}';
/** Whether somebody moderates is for the room to say: also a guest may. */
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const errors = [roomErrors.notFound, moderationErrors.notModerator] as const;
const roomId = 'room_01jd3v7q8gf4kr2x6a0w9mznpe';

const lockRoutes = ([true, false] as const).map((locked) =>
  defineRoute({
    method: 'post',
    path: `${roomPath}/${locked ? 'lock' : 'unlock'}`,
    operationId: locked ? 'lockRoom' : 'unlockRoom',
    tag,
    summary: locked ? 'Lock the room to newcomers' : 'Open the room to newcomers again',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: {
      200: { description: 'As it is now', schema: roomLockSchema, example: { roomId, locked } },
    },
    errors,
    handle: (ctx, { params }) => lockRoom(ctx, params, locked),
    respond: (view) => ok(view),
  }),
);

export const lifecycleRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: `${roomPath}/end`,
    operationId: 'endRoom',
    tag,
    summary: 'End the call for everybody, and the room until it is opened again',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: endRoomSchema, example: {} },
    success: {
      200: {
        description: 'What was ended',
        schema: roomEndedSchema,
        example: { roomId, status: 'ended', callId: 'call_01jd3v7q8gf4kr2x6a0w9mznpe' },
      },
    },
    errors,
    handle: (ctx, { params, body }) => endRoom(ctx, params, body),
    respond: (view) => ok(view),
  }),
  ...lockRoutes,
];
