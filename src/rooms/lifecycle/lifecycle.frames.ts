import { z } from '@hono/zod-openapi';
import { accessRequestOf } from '../moderation/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { endRoomSchema } from './closing.schemas.ts';
import { endRoom, lockRoom } from './end-room.ts';

/** The frames that close a room: each does what the route of the same name does. */
export const lifecycleFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'room.end',
    summary: 'End the call for everybody, and the room',
    fields: endRoomSchema.shape,
    handle: (ctx, caller, input) => endRoom(ctx, accessRequestOf(caller), input),
  }),
  defineRoomVerb({
    type: 'room.lock',
    summary: 'Lock the room to newcomers, or open it to them',
    fields: { locked: z.boolean() },
    handle: (ctx, caller, { locked }) => lockRoom(ctx, accessRequestOf(caller), locked),
  }),
];
