import { z } from '@hono/zod-openapi';
import { knownOrUnknownMoneySchema, moneySchema } from '../../kernel/money/index.ts';
import { meterNameSchema, PLAN_NAMES, planTermFields } from '../../identity/entitlements/index.ts';

const priced = (description: string) => knownOrUnknownMoneySchema.openapi({ description });
const planSchema = z
  .object({
    name: z.enum(PLAN_NAMES).openapi({ description: 'Name of the plan.' }),
    version: z.int().openapi({
      description:
        'Version of its terms. An organization keeps the version it has when a new one is offered.',
    }),
    price: z
      .object({
        monthly: priced('For a month; unknown where the price is negotiated.'),
        yearly: priced(
          'For a year, which costs as much as ten months; unknown where the price is negotiated.',
        ),
      })
      .openapi({ description: 'Price of the plan, without taxes.' }),
    seat: z
      .object({
        monthly: moneySchema.openapi({ description: 'For a month.' }),
        yearly: moneySchema.openapi({ description: 'For a year, which costs as much as ten months.' }),
        most: z.int().openapi({ description: 'Maximum number of seats of a subscription.' }),
      })
      .nullable()
      .openapi({
        description:
          'Price of a seat, without taxes: one for each member beyond the limit `members` of the plan. Null for a ' +
          'plan without seats.',
      }),
    trialDays: z
      .int()
      .openapi({ description: 'Days without a charge when an organization first subscribes.' }),
    overage: z
      .array(
        z.object({
          meter: meterNameSchema,
          price: moneySchema.openapi({
            description:
              'Price of one unit, which depends on `meter`: a minute, 1,000 characters, or 100,000 tokens.',
          }),
        }),
      )
      .openapi({
        description: 'Prices of usage beyond the included amounts, where `beyondIncluded` is `charged`.',
      }),
    ...planTermFields,
  })
  .openapi('Plan');
export type PlanView = z.output<typeof planSchema>;

export const plansSchema = z
  .object({ plans: z.array(planSchema).openapi({ description: 'All plans, the smallest first.' }) })
  .openapi('Plans');
export type PlansView = z.output<typeof plansSchema>;
