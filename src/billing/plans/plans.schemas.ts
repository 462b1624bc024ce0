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
        monthly: priced('For a month; unknown where the price is agreed on.'),
        yearly: priced('For a year, which costs ten months; unknown where the price is agreed on.'),
      })
      .openapi({ description: 'Price of the plan, without taxes.' }),
    seat: z
      .object({
        monthly: moneySchema.openapi({ description: 'For a month.' }),
        yearly: moneySchema.openapi({ description: 'For a year, which costs ten months.' }),
        most: z.int().openapi({ description: 'Most seats that a subscription has.' }),
      })
      .nullable()
      .openapi({
        description:
          'Price of a seat, without taxes: of each member beyond the limit `members` of the plan. Null for a plan without seats.',
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
              'Price of one unit: of a minute, of 1,000 characters, of 100,000 tokens, as `meter` says.',
          }),
        }),
      )
      .openapi({
        description: 'Prices of what is used beyond what is included, where `beyondIncluded` is `charged`.',
      }),
    ...planTermFields,
  })
  .openapi('Plan');
export type PlanView = z.output<typeof planSchema>;

export const plansSchema = z
  .object({ plans: z.array(planSchema).openapi({ description: 'All plans, the smallest first.' }) })
  .openapi('Plans');
export type PlansView = z.output<typeof plansSchema>;
