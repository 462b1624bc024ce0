import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { OVERRIDABLE_LIMITS } from './limits.rules.ts';

const organizationIdSchema = idSchema('organization').openapi({
  description: 'Id of the organization.',
});

const limitValueSchema = z
  .number()
  .int()
  .min(0)
  .max(10_000_000)
  .openapi({ description: 'Requests per minute, 0 to 10,000,000.' });

/** Requests per minute by name of the limit; a limit that is not named keeps the plan's value. */
export const overriddenLimitsSchema = z
  .partialRecord(z.enum(OVERRIDABLE_LIMITS), limitValueSchema)
  .openapi({ description: 'Requests per minute, by name of the limit.', example: { api: 500, ai: 100 } });

export const putOverridesSchema = z.strictObject({ limits: overriddenLimitsSchema });
export type PutOverrides = z.output<typeof putOverridesSchema>;

export const overridesSchema = z
  .object({
    organizationId: organizationIdSchema,
    limits: overriddenLimitsSchema,
    setAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the overrides were last set; null when they never were.' }),
  })
  .openapi('LimitOverrides');
export type OverridesView = z.output<typeof overridesSchema>;

export const overridesExample = {
  organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  limits: { api: 500, ai: 100 },
  setAt: '2026-11-21T12:00:00.000Z',
};

export const overridesParamsSchema = z.strictObject({ organizationId: organizationIdSchema });
