import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';
import { meterExample, meterFields, periodExample, periodFields, quantitySchema } from '../usage/index.ts';

const includedSchema = z
  .object({
    quantity: quantitySchema(
      'Amount that the plan includes in the month, plus the credits of the organization, in base units.',
    ),
    leftQuantity: quantitySchema(
      'The amount left, in base units; 0 when it is used up. Only usage since the subscription is charged counts.',
    ),
    overQuantity: quantitySchema('The usage beyond it, in base units; 0 while some is left.'),
  })
  .openapi('IncludedUsage');
export type IncludedView = z.output<typeof includedSchema>;

const overageSchema = z
  .object({
    units: z.int().openapi({
      description:
        'Whole units, such as minutes, that are charged beyond the included amount. An incomplete unit is free.',
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
          quantity: quantitySchema('The usage in the period, in base units.'),
          forecast: z
            .int()
            .nullable()
            .openapi({
              description:
                'The usage that is expected at the end of the period, in base units. It is the usage so far plus, ' +
                'for the rest of the period, the mean of the last seven days. Null when the period does not ' +
                'include the present.',
              example: 7_200_000,
            }),
          included: includedSchema.nullable().openapi({
            description:
              'The usage compared with the amount that the current plan includes in a calendar month, UTC. Null ' +
              'for a meter for which no plan includes an amount, and for every period but the current month.',
          }),
          overage: z.union([overageSchema, z.null()]).openapi({
            description:
              'The usage of the month that is charged in addition to the subscription, as on the invoices; 0 ' +
              'units on the free plan and in a trial. Null for a meter for which no plan includes an amount, and ' +
              'for every period but a calendar month, UTC.',
          }),
        }),
      )
      .openapi({ description: 'All meters, also those that counted nothing.' }),
  })
  .openapi('UsageSummary');
export type UsageSummaryView = z.output<typeof summarySchema>;

export const summaryExample: UsageSummaryView = {
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
