import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { currencySchema } from '../../kernel/money/index.ts';
import { MODEL_CAPABILITIES } from './models.enums.ts';

const modelPriceSchema = z
  .object({
    priceId: idSchema('priceVersion').describe('Id of the price; a changed price has another id.'),
    unitPrice: z.string().describe('In USD for `unitQuantity` tokens: an exact decimal number.'),
    unitQuantity: z.int().describe('Number of tokens for the price.'),
    source: z.string().describe('The source of the price.'),
    startsAt: z.iso.datetime().describe('The price applies from then on.'),
  })
  .openapi('AiModelPrice');

const priceOf = (what: string) =>
  z
    .union([modelPriceSchema, z.null()])
    .openapi({ description: `Price of ${what}. Null: the price is unknown, which is not zero.` });

const modelPricesSchema = z
  .object({
    currency: currencySchema,
    input: priceOf('input tokens that are in no cache'),
    output: priceOf('output tokens, with reasoning'),
    cacheRead: priceOf('input tokens that are read from a cache of the provider'),
    cacheWrite: priceOf('input tokens that the provider caches for five minutes'),
    cacheWriteHour: priceOf('input tokens that the provider caches for an hour'),
  })
  .openapi('AiModelPrices');

const modelSchema = z
  .object({
    id: z.string().describe("Name of the model, as in the provider's API."),
    provider: z.string().describe('Its provider.'),
    contextTokens: z.int().describe('Most input tokens.'),
    maxOutputTokens: z.int().describe('Most tokens of an answer, with its reasoning.'),
    capabilities: z
      .array(z.enum(MODEL_CAPABILITIES))
      .describe(
        'What it supports beside text. `adaptive_reasoning`: it decides how much it reasons; ' +
          '`caching`: the provider can cache input; `output_schema`: its answer satisfies a JSON ' +
          'schema.',
      ),
    endsOn: z.iso
      .date()
      .nullable()
      .describe('The first day on which it may no longer answer; null when none is announced.'),
    prices: modelPricesSchema.describe(
      'The current prices of its provider, with which costs are calculated. A provider may charge ' +
        'other prices for a key of the organization.',
    ),
    configured: z
      .boolean()
      .describe(
        'Whether it can be asked: with a key of the organization, or with one of the platform if the ' +
          'plan includes that.',
      ),
  })
  .openapi('AiModel');
export type ModelView = z.output<typeof modelSchema>;

export const modelListSchema = z
  .object({
    data: z.array(modelSchema).describe('The models, by provider and name.'),
    source: z
      .object({
        package: z.string().describe('Package from which the catalogue was made.'),
        version: z.string().describe('Its version.'),
        sha256: z.string().describe('Its SHA-256, hexadecimal.'),
      })
      .describe('The source of the catalogue.'),
  })
  .openapi('AiModelList');

const priceExample = (unitPrice: string) => ({
  priceId: exampleId('priceVersion'),
  unitPrice,
  unitQuantity: 1_000_000,
  source: '@pydantic/genai-prices 0.1.8',
  startsAt: '2026-01-01T00:00:00.000Z',
});

export const modelListExample: z.output<typeof modelListSchema> = {
  data: [
    {
      id: 'claude-haiku-4-5',
      provider: 'anthropic',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      capabilities: ['tools', 'images', 'reasoning', 'caching', 'output_schema'],
      endsOn: null,
      prices: {
        currency: 'USD',
        input: priceExample('1'),
        output: priceExample('5'),
        cacheRead: priceExample('0.1'),
        cacheWrite: priceExample('1.25'),
        cacheWriteHour: null,
      },
      configured: true,
    },
  ],
  source: { package: 'litellm', version: '1.110.2', sha256: '9d94d1c7d524b6fd10c14f9c8c6c4f0a' },
};
