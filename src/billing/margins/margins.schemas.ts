import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { knownOrUnknownMoneySchema, moneySchema } from '../../kernel/money/index.ts';
import { meterNameSchema } from '../meters/index.ts';
import { periodQueryFields } from '../usage/index.ts';

const FIRST_MARGINS = ['lowest', 'highest'] as const;
export const listMarginsQuerySchema = pageQuerySchema.extend({
  ...periodQueryFields,
  first: z.enum(FIRST_MARGINS).default('lowest').openapi({
    description: 'Which margins come first: the `lowest` or the `highest`. Unknown ones come last.',
    example: 'lowest',
  }),
});
export type ListMarginsQuery = z.output<typeof listMarginsQuerySchema>;

export const marginSchema = z
  .object({
    organizationId: idSchema('organization').openapi({ description: 'Id of the organization.' }),
    organizationName: z.string().openapi({ description: 'Its name.', example: 'Northwind' }),
    revenue: z.array(moneySchema).openapi({
      description:
        'What it paid for the invoices that it paid in the period, without tax and without what was credited or refunded since: an ' +
        'amount for each currency, none added to another.',
    }),
    cost: knownOrUnknownMoneySchema.openapi({
      description:
        'What providers charge for its usage of the period, where the price is known; unknown, which is not zero, when there is ' +
        'usage and none of it has a price.',
    }),
    unknownCount: z.int().openapi({
      description:
        'How many cost lines have no known price: their cost comes on top. 0 when the cost is complete.',
      example: 0,
    }),
    unknownMeters: z
      .array(meterNameSchema)
      .openapi({ description: 'The meters of which prices are unknown.', example: [] }),
    margin: knownOrUnknownMoneySchema.openapi({
      description:
        'Revenue minus cost; at most that while prices are unknown. Unknown when there is revenue in another currency than that of ' +
        'the costs, and when the cost is unknown.',
    }),
  })
  .openapi('Margin');
export type MarginView = z.output<typeof marginSchema>;
export const marginPageSchema = pageSchema(marginSchema).openapi('MarginPage');

const usd = (amountMicros: number) => ({ amountMicros, currency: 'USD' });
export const marginExample: MarginView = {
  organizationId: exampleId('organization'),
  organizationName: 'Northwind',
  revenue: [usd(49_000_000)],
  cost: usd(12_400_000),
  unknownCount: 0,
  unknownMeters: [],
  margin: usd(36_600_000),
};
