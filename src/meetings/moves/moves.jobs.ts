import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../platform/outbox/index.ts';
import { identitySchema } from '../realtime/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { enforceMoves } from './send-people.ts';

export const moveSubscribers: readonly Subscription[] = [
  defineSubscription({
    type: 'participant.moved',
    payload: z.strictObject({
      roomId: roomIdSchema,
      toRoomId: roomIdSchema,
      identities: z.array(identitySchema),
    }),
    handle: enforceMoves,
  }),
];
