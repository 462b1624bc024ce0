import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';

export const limitSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: 'limits.overridden',
    payload: z.object({ limits: z.record(z.string(), z.number()), setAtMs: z.number() }),
    handle: (ctx, overrides) => ctx.ports.limitOverrides.write(ctx.organizationId, overrides),
  }),
];
