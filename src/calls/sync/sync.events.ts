import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { callIdSchema, CALL_REPORTED } from './sync.rules.ts';
import { reduceEvents } from './reduce-cluster-events.ts';

export const syncSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: CALL_REPORTED,
    payload: z.strictObject({ callId: callIdSchema }),
    handle: (ctx, { callId }) => reduceEvents(ctx, callId),
  }),
];
