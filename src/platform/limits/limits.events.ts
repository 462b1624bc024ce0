import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';

export const limitsOverridden = defineEvent({
  type: 'limits.overridden',
  description: 'The operator set limits for the organization that differ from its plan.',
  payload: z.object({
    /** Requests a minute, by the name of the limit. */
    limits: z.record(z.string(), z.number()),
    setAtMs: z.number(),
  }),
  example: { limits: { api: 1_000 }, setAtMs: 1_767_605_400_000 },
  key: () => 'limits',
  internal: true,
});

export const limitEvents = [limitsOverridden];
