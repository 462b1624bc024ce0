import { z } from '@hono/zod-openapi';
import { secretSchema } from './provider-keys.schemas.ts';

/** The capabilities of a custom provider's model beside text; whether it caches input is its own matter. */
const CUSTOM_CAPABILITIES = ['tools', 'images', 'reasoning', 'output_schema'] as const;
export const MAX_CUSTOM_PROVIDERS = 10;
const MAX_MODELS = 50;
const MAX_CONTEXT = 10_000_000;
const MAX_OUTPUT = 1_000_000;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 and -, the first of a-z')
  .describe(
    'Name of the provider, 1 to 40 of `a-z`, `0-9` and `-`, the first of `a-z`; its models are asked as `name/model`.',
  );
export const customProviderParamsSchema = z.strictObject({ customProviderName: name });

const baseUrl = z
  .string()
  .max(2_048)
  .regex(/^https?:\/\/[\x21-\x7e]+$/, 'must be an address in visible ASCII characters')
  .refine((url) => !/[?#]/.test(url), 'cannot have a query or a fragment')
  .describe('Address of its API with the version: `https` on port 443, 8443, 9000 or 9443 of a public host.')
  .openapi({ example: 'https://api.groq.com/openai/v1' });

const customModelSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\x21-\x7e]{1,150}$/, 'must be 1 to 150 visible ASCII characters')
      .describe('Its name at the provider, 1 to 150 visible ASCII characters.'),
    contextTokens: z.int().min(1).max(MAX_CONTEXT).describe('Most tokens of input, 1 to 10 million.'),
    maxOutputTokens: z.int().min(1).max(MAX_OUTPUT).describe('Most tokens of an answer, 1 to 1 million.'),
    capabilities: z
      .array(z.enum(CUSTOM_CAPABILITIES))
      .refine((all) => new Set(all).size === all.length, 'contains one twice')
      .describe(
        'What it supports beside text. `reasoning`: it accepts an effort; `output_schema`: it accepts ' +
          'a JSON schema.',
      ),
  })
  .openapi('AiCustomModel');
export type CustomModel = z.output<typeof customModelSchema>;

const models = z
  .array(customModelSchema)
  .min(1)
  .max(MAX_MODELS)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'contains a model twice')
  .describe('Its available models, 1 to 50.');
const takesUsageOption = z
  .boolean()
  .describe(
    'Whether its API accepts `stream_options`, and sends usage figures in a stream only then. Most ' +
      'do; that of Mistral does not, and always sends them.',
  );

export const setCustomProviderSchema = z.strictObject({
  baseUrl,
  secret: secretSchema,
  models,
  takesUsageOption: takesUsageOption.default(true),
});
export type SetCustomProvider = z.output<typeof setCustomProviderSchema>;

export const customProviderSchema = z
  .object({
    name: z.string().describe('Name of the provider.'),
    baseUrl: z.string().describe('Address of its API.'),
    models: z.array(customModelSchema).describe('Its available models.'),
    takesUsageOption,
    testedAt: z.iso.datetime().describe('When it accepted the key.'),
    updatedAt: z.iso.datetime().describe('When it was stored.'),
  })
  .openapi('AiCustomProvider');
export type CustomProviderView = z.output<typeof customProviderSchema>;
export const customProviderListSchema = z
  .object({ data: z.array(customProviderSchema).describe('The custom providers, by name.') })
  .openapi('AiCustomProviderList');

const shared = {
  baseUrl: 'https://api.groq.com/openai/v1',
  models: [
    {
      id: 'llama-3.3-70b-versatile',
      contextTokens: 131_072,
      maxOutputTokens: 32_768,
      capabilities: ['tools' as const],
    },
  ],
  takesUsageOption: true,
};
export const setCustomProviderExample = { ...shared, secret: 'example-of-a-key' };
export const customProviderExample: CustomProviderView = {
  ...shared,
  name: 'groq',
  testedAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
