import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { API_KEY_STATUSES, isScope } from './api-keys.rules.ts';

export const apiKeyParamsSchema = z.strictObject({ id: idSchema('apiKey') });

const MAX_GRACE_SECONDS = 7 * 86_400;

const name = z.string().trim().min(1).max(100);
const scopes = z
  .array(z.string().max(64).refine(isScope, 'is not a scope'))
  .min(1)
  .max(50)
  .transform((list) => [...new Set(list)]);
const requestsPerMinute = z.number().int().min(1).max(10_000);
const expiresAt = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullable();

export const createApiKeySchema = z.strictObject({
  name,
  scopes: scopes.default(['read']),
  requestsPerMinute: requestsPerMinute.default(60),
  expiresAt: expiresAt.default(null),
});
export type CreateApiKey = z.output<typeof createApiKeySchema>;

export const updateApiKeySchema = z
  .strictObject({ name, scopes, requestsPerMinute, expiresAt })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateApiKey = z.output<typeof updateApiKeySchema>;

export const rerollApiKeySchema = z.strictObject({
  graceSeconds: z.number().int().min(0).max(MAX_GRACE_SECONDS).default(3_600),
});

export const apiKeySchema = z
  .object({
    id: idSchema('apiKey'),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    requestsPerMinute: z.number().int(),
    status: z.enum(API_KEY_STATUSES),
    usageCount: z.number().int(),
    lastUsedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
    /** Until when the secret before the last reroll is good. */
    previousSecretExpiresAt: z.iso.datetime().nullable(),
    createdBy: idSchema('user').nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('ApiKey');
export type ApiKeyView = z.output<typeof apiKeySchema>;

export const apiKeyPageSchema = pageSchema(apiKeySchema).openapi('ApiKeyPage');
export const newApiKeySchema = apiKeySchema.extend({ secret: z.string() }).openapi('NewApiKey');

/** What every `api_key.*` effect carries. */
export const apiKeyEventSchema = z.strictObject({
  organizationId: idSchema('organization'),
  apiKeyId: idSchema('apiKey'),
});

export const apiKeyExample: ApiKeyView = {
  id: 'key_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Nightly reports',
  prefix: 'al_live_4vx2k7',
  scopes: ['read', 'rooms:write'],
  requestsPerMinute: 60,
  status: 'active',
  usageCount: 1042,
  lastUsedAt: '2026-01-06T02:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  previousSecretExpiresAt: null,
  createdBy: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
/** Made of the words it is an example of, so that nobody takes it for a key. */
export const newApiKeyExample = { ...apiKeyExample, secret: 'al_live_<shown once, in this answer alone>' };
