import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { syncPoll } from './sync-poll.ts';

export const pollSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: 'poll.changed',
    payload: z.strictObject({ roomId: roomIdSchema, pollId: idSchema('poll') }),
    handle: syncPoll,
  }),
];
