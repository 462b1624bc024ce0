import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { enforceMoves } from './apply-moves.ts';

export const moveSubscriptions: readonly Subscription[] = [
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
