import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../kernel/core/index.ts';
import { CURRENT_PLAN_VERSION } from '../entitlements/index.ts';
import { PLANS } from './organizations.enums.ts';

export const setPlanSchema = z.strictObject({
  plan: z.enum(PLANS).openapi({ description: 'Name of the plan.' }),
  planVersion: z
    .int()
    .min(1)
    .max(CURRENT_PLAN_VERSION)
    .optional()
    .openapi({
      description: `Version of its terms, 1 to ${CURRENT_PLAN_VERSION}. Default: the current one.`,
    }),
  reason: lineSchema(500).openapi({
    description: 'Why the plan changes, 1 to 500 characters, for the audit log of the organization.',
  }),
});
export type SetPlan = z.output<typeof setPlanSchema>;
