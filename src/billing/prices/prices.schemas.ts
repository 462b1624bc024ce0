import { z } from '@hono/zod-openapi';
import {
  exampleId,
  idSchema,
  lineSchema,
  momentSince1970Schema,
  pageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { currencySchema, formatDecimal, parseDecimal } from '../../kernel/money/index.ts';
import { meterNameSchema } from '../meters/index.ts';
import { PRICED_SERVICES } from './prices.enums.ts';

/** Prices in one request: they are stored together or not at all. */
export const MAX_PRICES = 500;
export const NANO_DIGITS = 9;
/** 1,000 USD for `unitQuantity` base units. */
export const MAX_NANOS = 1_000_000_000_000n;
const MAX_UNIT_QUANTITY = 1_000_000_000_000;

const UNIT_PRICE = `In USD for \`unitQuantity\` base units: a decimal number from 0 to 1000 with at most ${NANO_DIGITS} decimals.`;
const UNIT_QUANTITY =
  'Number of base units of the meter to which the price refers, 1 to 10^12: 60,000 for a minute.';
const SOURCE = 'Source of the price, 1 to 200 characters.';
const DIMENSIONS = {
  provider: 'Provider that charges it',
  region: 'Region of the usage',
  model: 'AI model that is used',
};

const dimensionValue = lineSchema(200);
const key = (name: keyof typeof DIMENSIONS, example: string) =>
  dimensionValue.nullable().openapi({
    description: `${DIMENSIONS[name]}: the value of the dimension \`${name}\`; null for any, and for usage without it.`,
    example,
  });
const keyFields = {
  provider: key('provider', 'anthropic'),
  region: key('region', 'EU'),
  model: key('model', 'claude-3-haiku'),
  service: z.enum(PRICED_SERVICES).nullable().openapi({
    description: '`batch`: usage in batches of requests. Null: all other usage, and no batches.',
    example: null,
  }),
};

const isNanos = (text: string): boolean => {
  const nanos = parseDecimal(text, NANO_DIGITS);
  return nanos !== null && nanos <= MAX_NANOS;
};

const priceInputSchema = z
  .strictObject({
    meter: meterNameSchema.openapi({
      description: 'Meter whose usage it prices; also one that the product does not count yet.',
    }),
    provider: keyFields.provider.default(null),
    region: keyFields.region.default(null),
    model: keyFields.model.default(null),
    service: keyFields.service.default(null),
    unitPrice: z
      .string()
      .max(40)
      .refine(isNanos, `must be a decimal number from 0 to 1000 with at most ${NANO_DIGITS} decimals`)
      .openapi({ description: UNIT_PRICE, example: '0.004' }),
    unitQuantity: z
      .int()
      .min(1)
      .max(MAX_UNIT_QUANTITY)
      .openapi({ description: UNIT_QUANTITY, example: 60_000 }),
    startsAt: momentSince1970Schema.openapi({
      description: 'When it starts to apply; it may be in the past.',
      example: '2026-01-01T00:00:00.000Z',
    }),
    endsAt: momentSince1970Schema.nullable().default(null).openapi({
      description: 'When it ceases to apply, excluded; null for a price that lasts until another one starts.',
      example: null,
    }),
    source: lineSchema(200).openapi({ description: SOURCE, example: 'Contract of 2026 with the provider' }),
  })
  .refine(({ startsAt, endsAt }) => endsAt === null || endsAt > startsAt, {
    error: 'must be after the start',
    path: ['endsAt'],
  })
  .openapi('PriceInput');
export type PriceInput = z.output<typeof priceInputSchema>;

export const createPricesSchema = z.strictObject({
  prices: z
    .array(priceInputSchema)
    .min(1)
    .max(MAX_PRICES)
    .openapi({ description: `The prices, 1 to ${MAX_PRICES}: all are stored, or none.` }),
});
export type CreatePrices = z.output<typeof createPricesSchema>;

export const priceIdSchema = idSchema('priceVersion').openapi({ description: 'Id of the price.' });
export const priceParamsSchema = z.strictObject({ priceId: priceIdSchema });

/** The amount of a price, without its meter and dimensions. */
export const priceFields = {
  unitPrice: z.string().openapi({ description: UNIT_PRICE, example: '0.004' }),
  unitQuantity: z.int().openapi({ description: UNIT_QUANTITY, example: 60_000 }),
  source: z.string().openapi({ description: SOURCE }),
};

export const priceSchema = z
  .object({
    id: priceIdSchema,
    meter: meterNameSchema.openapi({ description: 'Meter whose usage it prices.' }),
    ...keyFields,
    ...priceFields,
    currency: currencySchema,
    startsAt: z.iso.datetime().openapi({ description: 'When it starts to apply.' }),
    endsAt: z.iso
      .datetime()
      .nullable()
      .openapi({
        description:
          'When it ceases to apply, excluded: its own end, or the start of the next price of the same meter, ' +
          'provider, region, model and service. Equal to its start when another price replaced it completely; null without ' +
          'an end.',
      }),
    used: z.boolean().openapi({ description: 'Whether costs were calculated with it.' }),
    createdAt: z.iso.datetime().openapi({ description: 'When it was stored.' }),
  })
  .openapi('Price');
export type PriceView = z.output<typeof priceSchema>;
export const pricePageSchema = pageSchema(priceSchema).openapi('PricePage');

export const listPricesSchema = pageQuerySchema.extend({
  meter: meterNameSchema.optional().openapi({ description: 'Only prices of this meter.' }),
  provider: dimensionValue
    .optional()
    .openapi({ description: 'Only prices of this provider.', example: 'anthropic' }),
  model: dimensionValue
    .optional()
    .openapi({ description: 'Only prices of this model.', example: 'claude-3-haiku' }),
});
export type ListPrices = z.output<typeof listPricesSchema>;

export const createdPricesSchema = z
  .object({
    created: z.array(priceSchema).openapi({ description: 'The prices that were stored.' }),
    unchangedCount: z.int().openapi({
      description:
        'Number of prices that were not stored, because an equal price is in force at their start.',
    }),
  })
  .openapi('CreatedPrices');
export type CreatedPricesView = z.output<typeof createdPricesSchema>;

export const createPricesExample = {
  prices: [
    {
      meter: 'participant_minutes',
      unitPrice: '0.0004',
      unitQuantity: 60_000,
      startsAt: '2026-01-01T00:00:00.000Z',
      source: 'Contract of 2026 with the provider',
    },
  ],
};
export const priceExample: PriceView = {
  id: exampleId('priceVersion'),
  meter: 'participant_minutes',
  provider: null,
  region: null,
  model: null,
  service: null,
  unitPrice: formatDecimal(400_000n, NANO_DIGITS),
  unitQuantity: 60_000,
  currency: 'USD',
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null,
  source: 'Contract of 2026 with the provider',
  used: false,
  createdAt: '2026-01-05T09:30:00.000Z',
};
