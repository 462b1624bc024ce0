import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineSubscription, type Subscription } from '../../platform/outbox/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { syncPoll } from './vote.ts';

export const pollSubscribers: readonly Subscription[] = [
  defineSubscription({
    type: 'poll.changed',
    payload: z.strictObject({ roomId: roomIdSchema, pollId: idSchema('poll') }),
    handle: syncPoll,
  }),
];
