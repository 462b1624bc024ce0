import { z } from '@hono/zod-openapi';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { callIdSchema, REPORTED } from './intake.rules.ts';
import { reduceEvents } from './reduce-events.ts';

export const intakeJobs: readonly Job[] = [
  defineJob({
    type: REPORTED,
    payload: z.strictObject({ callId: callIdSchema }),
    handle: (ctx, { callId }) => reduceEvents(ctx, callId),
  }),
];
