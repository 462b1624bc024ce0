import { z } from '@hono/zod-openapi';
import { defineJob, type Job } from '../outbox/index.ts';

export const limitJobs: readonly Job[] = [
  defineJob({
    type: 'limits.overridden',
    payload: z.object({ limits: z.record(z.string(), z.number()), setAtMs: z.number() }),
    handle: (ctx, overrides) => ctx.ports.limitOverrides.write(ctx.organizationId, overrides),
  }),
];
