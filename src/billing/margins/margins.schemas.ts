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
        'Sum of the invoices that it paid in the period, without tax and without later credits and refunds; one ' +
        'amount for each currency.',
    }),
    cost: knownOrUnknownMoneySchema.openapi({
      description:
        'What providers charge for its usage of the period, as far as prices are known. When none of the usage ' +
        'has a price, it is unknown, which is not zero.',
    }),
    unknownCount: z.int().openapi({
      description:
        'Number of cost lines without a known price, whose cost is not included; 0 when the cost is complete.',
      example: 0,
    }),
    unknownMeters: z
      .array(meterNameSchema)
      .openapi({ description: 'The meters with unknown prices.', example: [] }),
    margin: knownOrUnknownMoneySchema.openapi({
      description:
        'Revenue minus cost; the true margin is lower while prices are unknown. It is unknown when the cost is ' +
        'unknown, or when there is revenue in another currency than that of the costs.',
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
