import { z } from '@hono/zod-openapi';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { accessRequestOf } from '../access/index.ts';
import { endRoom } from './end-room.ts';
import { endRoomSchema } from './lifecycle.schemas.ts';
import { lockRoom } from './lock-room.ts';

/** Each frame does what the route of the same name does. */
export const lifecycleFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'room.end',
    summary: 'End the call for everybody, and the room',
    fields: endRoomSchema.shape,
    handle: (ctx, caller, input) => endRoom(ctx, accessRequestOf(caller), input),
  }),
  defineRoomVerb({
    type: 'room.lock',
    summary: 'Lock or unlock the room',
    fields: { locked: z.boolean().describe('Whether newcomers are refused') },
    handle: (ctx, caller, { locked }) => lockRoom(ctx, accessRequestOf(caller), locked),
  }),
];
