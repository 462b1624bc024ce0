import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../platform/outbox/index.ts';
import { callIdSchema, CALL_REPORTED } from './intake.rules.ts';
import { reduceEvents } from './reduce-events.ts';

export const syncSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: CALL_REPORTED,
    payload: z.strictObject({ callId: callIdSchema }),
    handle: (ctx, { callId }) => reduceEvents(ctx, callId),
  }),
];
