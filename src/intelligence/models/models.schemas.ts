import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { currencySchema } from '../../kernel/money/index.ts';
import { MODEL_CAPABILITIES } from './models.enums.ts';

const modelPriceSchema = z
  .object({
    priceId: idSchema('priceVersion').describe('Id of the price; another price has another id.'),
    unitPrice: z.string().describe('In USD for `unitQuantity` tokens: an exact decimal number.'),
    unitQuantity: z.int().describe('For how many tokens the price is.'),
    source: z.string().describe('Where the price is from.'),
    startsAt: z.iso.datetime().describe('From when on it applies.'),
  })
  .openapi('AiModelPrice');

const priceOf = (what: string) =>
  z
    .union([modelPriceSchema, z.null()])
    .openapi({ description: `Of ${what}. Null: the price is not known, which is not zero.` });

const modelPricesSchema = z
  .object({
    currency: currencySchema,
    input: priceOf('tokens that it reads and no cache has'),
    output: priceOf('tokens that it produces, with its reasoning'),
    cacheRead: priceOf('tokens that it reads from a cache of its provider'),
    cacheWrite: priceOf('tokens that its provider keeps in a cache for five minutes'),
    cacheWriteHour: priceOf('tokens that its provider keeps in a cache for an hour'),
  })
  .openapi('AiModelPrices');

const modelSchema = z
  .object({
    id: z.string().describe('Name of the model, as its provider names it.'),
    provider: z.string().describe('Its provider.'),
    contextTokens: z.int().describe('Most tokens of input.'),
    maxOutputTokens: z.int().describe('Most tokens of an answer, with its reasoning.'),
    capabilities: z
      .array(z.enum(MODEL_CAPABILITIES))
      .describe(
        'What it can do beside text. `adaptive_reasoning`: it decides by itself how much it reasons; `caching`: input can be kept at the ' +
          'provider; `output_schema`: its answer satisfies a JSON schema.',
      ),
    endsOn: z.iso
      .date()
      .nullable()
      .describe('The day from which on it may not answer any more; null where none is announced.'),
    prices: modelPricesSchema.describe(
      'What its provider charges for it now, as costs are calculated with it. A key of the organization is charged by its provider, ' +
        'at prices that may be others.',
    ),
    configured: z
      .boolean()
      .describe(
        'Whether it can be asked: with a key of the organization, or with one of the platform where the plan includes that.',
      ),
  })
  .openapi('AiModel');
export type ModelView = z.output<typeof modelSchema>;

export const modelListSchema = z
  .object({
    data: z.array(modelSchema).describe('The models, by provider and name.'),
    source: z
      .object({
        package: z.string().describe('Package that the catalogue was made from.'),
        version: z.string().describe('Its version.'),
        sha256: z.string().describe('Its SHA-256, hexadecimal.'),
      })
      .describe('Where the catalogue is from.'),
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
