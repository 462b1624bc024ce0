import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, momentSchema, pageSchema } from '../../kernel/core/index.ts';
import { API_KEY_STATUSES, isScope } from './api-keys.rules.ts';

export const apiKeyParamsSchema = z.strictObject({
  id: idSchema('apiKey').openapi({ description: 'Id of the API key.' }),
});

const MAX_GRACE_SECONDS = 7 * 86_400;

const name = lineSchema(100).openapi({
  description: 'Name that says what the key is for, 1 to 100 characters.',
});
const scopes = z
  .array(z.string().max(64).refine(isScope, 'is not a scope'))
  .min(1)
  .max(50)
  .transform((list) => [...new Set(list)])
  .openapi({
    description:
      'What the key permits, 1 to 50 scopes. `read`: reading everything but the audit log and API keys. `write`: ' +
      'the same, and writing everything but the administration of the organization. `admin`: the permissions of ' +
      'the admin role. Single permissions can be listed, too, such as `rooms:read`, `rooms:join` (start and join ' +
      'calls) and `rooms:observe` (bring agents and observers, with `rooms:join`); `rooms:write` and `write` ' +
      'include both of these. `files:manage`, with `files:read` or `files:write`, gives access to the private ' +
      'files of everybody; without it a key has access to its own files and to shared ones.',
  });
const requestsPerMinute = z.number().int().min(1).max(10_000).openapi({
  description:
    'Requests that the key may make in a minute, 1 to 10,000; the limits of the plan apply as well.',
});
const expiresAt = momentSchema
  .transform((text) => new Date(text))
  .nullable()
  .openapi({ description: 'When the key expires, a moment in the future; null for never.' });

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
  graceSeconds: z.number().int().min(0).max(MAX_GRACE_SECONDS).default(3_600).openapi({
    description: 'Seconds for which the current secret remains valid, 0 to 604,800 (seven days).',
  }),
});

const moment = (description: string) => z.iso.datetime().openapi({ description });
const momentOrNull = (description: string) => z.iso.datetime().nullable().openapi({ description });

export const apiKeySchema = z
  .object({
    id: idSchema('apiKey').openapi({ description: 'Id of the API key.' }),
    name: z.string().openapi({ description: 'Name that says what the key is for.' }),
    prefix: z.string().openapi({ description: 'First characters of the secret, to recognize the key by.' }),
    scopes: z.array(z.string()).openapi({ description: 'What the key permits.' }),
    requestsPerMinute: z
      .number()
      .int()
      .openapi({ description: 'Requests that the key may make in a minute.' }),
    status: z.enum(API_KEY_STATUSES).openapi({ description: 'Only an `active` key can be used.' }),
    usageCount: z.number().int().openapi({
      description:
        'Requests made with the key. An approximate figure, some seconds old; not exact enough for billing.',
    }),
    lastUsedAt: momentOrNull('When the key was last used; null if never.'),
    expiresAt: momentOrNull('When the key expires; null for never.'),
    revokedAt: momentOrNull('When the key was revoked; null if it was not.'),
    previousSecretExpiresAt: momentOrNull(
      'Until when the secret before the last reroll remains valid; null when there is none.',
    ),
    createdBy: idSchema('user').nullable().openapi({
      description:
        'Id of the user who created the key, directly or with another key; null once that user was erased.',
    }),
    createdAt: moment('When the key was created.'),
    updatedAt: moment('When the key was last changed; using it changes nothing.'),
  })
  .openapi('ApiKey');
export type ApiKeyView = z.output<typeof apiKeySchema>;

export const apiKeyPageSchema = pageSchema(apiKeySchema).openapi('ApiKeyPage');
export const newApiKeySchema = apiKeySchema
  .extend({
    secret: z.string().openapi({
      description: 'The key to send as bearer token. Only this response contains it: store it safely.',
    }),
  })
  .openapi('NewApiKey');
export type NewApiKeyView = z.output<typeof newApiKeySchema>;

/** The payload of every `api_key.*` event. */
export const apiKeyEventSchema = z.object({
  organizationId: idSchema('organization').describe('Id of the organization.'),
  apiKeyId: idSchema('apiKey').describe('Id of the API key.'),
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
/** Not a possible secret: scanners for leaked keys must not report the documentation. */
export const newApiKeyExample: NewApiKeyView = { ...apiKeyExample, secret: 'al_live_<shown only once>' };
