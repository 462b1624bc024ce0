import { z } from '@hono/zod-openapi';
import { KEYED_PROVIDERS } from '../providers/index.ts';

const provider = z.enum(KEYED_PROVIDERS).describe('The provider that the key is for.');
export const providerKeyParamsSchema = z.strictObject({ provider });

export const secretSchema = z
  .string()
  .regex(/^[\x21-\x7e]{8,400}$/, 'must be 8 to 400 visible ASCII characters')
  .describe('The key, 8 to 400 visible ASCII characters. It is stored encrypted, and never answered.');
export const setProviderKeySchema = z.strictObject({ secret: secretSchema });

export const providerKeySchema = z
  .object({
    provider,
    testedAt: z.iso.datetime().describe('When the provider accepted it.'),
    updatedAt: z.iso.datetime().describe('When it was stored.'),
  })
  .openapi('AiProviderKey');
export type ProviderKeyView = z.output<typeof providerKeySchema>;
export const providerKeyListSchema = z
  .object({ data: z.array(providerKeySchema).describe('The keys, by provider.') })
  .openapi('AiProviderKeyList');

export const setProviderKeyExample = { secret: 'example-of-a-key' };
export const providerKeyExample: ProviderKeyView = {
  provider: 'anthropic',
  testedAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
