import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';
import { meterExample, meterFields, periodExample, periodFields, quantitySchema } from '../usage/index.ts';

const includedSchema = z
  .object({
    quantity: quantitySchema(
      'What the plan includes in the month, with the credits of the organization, in base units.',
    ),
    leftQuantity: quantitySchema(
      'What is left of it, in base units; 0 when it is used up. While a subscription is charged, only usage since then counts.',
    ),
    overQuantity: quantitySchema('What was used beyond it, in base units; 0 while something is left.'),
  })
  .openapi('IncludedUsage');
export type IncludedView = z.output<typeof includedSchema>;

const overageSchema = z
  .object({
    units: z.int().openapi({
      description: 'Whole units beyond what is included that are charged: minutes. A begun unit is free.',
      example: 120,
    }),
    price: moneySchema.openapi({ description: 'Price of one unit, without tax.' }),
    amount: moneySchema.openapi({ description: 'Price of all units, without tax and before discounts.' }),
  })
  .openapi('Overage');
export type OverageView = z.output<typeof overageSchema>;

export const summarySchema = z
  .object({
    ...periodFields,
    meters: z
      .array(
        z.object({
          ...meterFields,
          quantity: quantitySchema('What was used in the period, in base units.'),
          forecast: z
            .int()
            .nullable()
            .openapi({
              description:
                'What will have been used at the end of the period, in base units: what was used, and for the rest of the ' +
                'period the mean of the last seven days. Null when the period does not include the present.',
              example: 7_200_000,
            }),
          included: includedSchema.nullable().openapi({
            description:
              'How the usage compares to what the plan of the organization, as it is now, includes in a calendar month, UTC. ' +
              'Null for a meter of which no plan includes an amount, and for every period but the current month.',
          }),
          overage: z.union([overageSchema, z.null()]).openapi({
            description:
              'What of the month is charged beyond the subscription, as the invoices have it; 0 units where nothing is: on the ' +
              'free plan, in a trial. Null for a meter of which no plan includes an amount, and for every period but a ' +
              'calendar month, UTC.',
          }),
        }),
      )
      .openapi({ description: 'All meters, also those that counted nothing.' }),
  })
  .openapi('UsageSummary');
export type SummaryView = z.output<typeof summarySchema>;

export const summaryExample: SummaryView = {
  ...periodExample,
  meters: [
    {
      ...meterExample,
      quantity: 607_200_000,
      forecast: 614_400_000,
      included: { quantity: 600_000_000, leftQuantity: 0, overQuantity: 7_200_000 },
      overage: {
        units: 120,
        price: { amountMicros: 10_000, currency: 'USD' },
        amount: { amountMicros: 1_200_000, currency: 'USD' },
      },
    },
  ],
};
