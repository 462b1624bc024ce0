import { z } from '@hono/zod-openapi';
import { knownOrUnknownMoneySchema, moneySchema } from '../../kernel/money/index.ts';
import { describeTerms, INCLUDED_METERS, PLAN_NAMES } from '../../identity/entitlements/index.ts';

const priced = (description: string) => knownOrUnknownMoneySchema.openapi({ description });
const overage = Object.fromEntries(
  INCLUDED_METERS.map((meter) => [
    meter,
    moneySchema.openapi({
      description:
        meter === 'participant_minutes'
          ? 'For each minute of a participant.'
          : 'For each call of an AI model.',
    }),
  ]),
) as Record<(typeof INCLUDED_METERS)[number], typeof moneySchema>;

const planSchema = z
  .object({
    name: z.enum(PLAN_NAMES).openapi({ description: 'Name of the plan.' }),
    version: z.int().openapi({
      description:
        'Version of its terms. An organization keeps the version it has when a new one is offered.',
    }),
    price: z
      .object({
        monthly: priced('For a month; unknown where the price is agreed on.'),
        yearly: priced('For a year, which costs ten months; unknown where the price is agreed on.'),
      })
      .openapi({ description: 'Price of the plan, without taxes.' }),
    trialDays: z
      .int()
      .openapi({ description: 'Days without a charge when an organization first subscribes.' }),
    overage: z.object(overage).openapi({
      description:
        'Price of each unit beyond what is included. The free plan is not charged: it stops where its included amount ends.',
    }),
    ...describeTerms(),
  })
  .openapi('Plan');
export type PlanView = z.output<typeof planSchema>;

export const plansSchema = z
  .object({ plans: z.array(planSchema).openapi({ description: 'All plans, the smallest first.' }) })
  .openapi('Plans');
export type PlansView = z.output<typeof plansSchema>;
