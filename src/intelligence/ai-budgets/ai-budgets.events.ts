import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';

export const aiBudgetChanged = defineEvent({
  type: 'ai.budget_changed',
  description: 'The budget for AI of the organization was set or removed.',
  payload: z.object({
    limitMicros: z
      .int()
      .nullable()
      .describe('The new limit, in millionths of a USD; null when it was removed.'),
  }),
  example: { limitMicros: 50_000_000 },
  key: () => 'ai-budget',
});
