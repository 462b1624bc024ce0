import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { apiKeyErrors } from './api-keys.errors.ts';
import type { ApiKey } from './api-keys.rules.ts';
import {
  apiKeyExample,
  apiKeyPageSchema,
  apiKeyParamsSchema,
  apiKeySchema,
  type ApiKeyView,
  createApiKeySchema,
  newApiKeyExample,
  newApiKeySchema,
  rerollApiKeySchema,
  updateApiKeySchema,
} from './api-keys.schemas.ts';
import { createApiKey, type NewApiKey } from './create-api-key.ts';
import { getApiKey, listApiKeys } from './read-api-keys.ts';
import { rerollApiKey } from './reroll-api-key.ts';
import { revokeApiKey, updateApiKey } from './update-api-key.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    'api-keys': 'read' | 'write';
  }
}

const tag = 'API keys';
const listPath = '/api/v1/api-keys';
const path = `${listPath}/{id}`;
const mayWrite = { kind: 'permission', permission: 'api-keys:write' } as const;
const mayRead = { kind: 'permission', permission: 'api-keys:read' } as const;

const iso = (moment: Date | null) => moment?.toISOString() ?? null;

function presentApiKey(key: ApiKey): ApiKeyView {
  const { id, name, prefix, scopes, requestsPerMinute, status, usageCount, createdBy } = key;
  return {
    id,
    name,
    prefix,
    scopes,
    requestsPerMinute,
    status,
    usageCount,
    lastUsedAt: iso(key.lastUsedAt),
    expiresAt: iso(key.expiresAt),
    revokedAt: iso(key.revokedAt),
    previousSecretExpiresAt: iso(key.previousValidUntil),
    createdBy,
    createdAt: key.createdAt.toISOString(),
    updatedAt: key.updatedAt.toISOString(),
  };
}

const presentNewApiKey = ({ key, secret }: NewApiKey) => ({ ...presentApiKey(key), secret });

export const apiKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createApiKey',
    tag,
    summary: 'Make an API key; its secret is shown in this answer alone',
    description:
      'Scopes: `read` (everything but the audit log and the keys), `write` (that, and changing what the product ' +
      'makes), `admin` (what the admin role may), or single permissions such as `rooms:read`. Nobody makes a key ' +
      'that holds more than they do. A key is never good for what only a signed-in person may do.',
    access: mayWrite,
    limit: 'api',
    body: {
      schema: createApiKeySchema,
      example: { name: 'Nightly reports', scopes: ['read', 'rooms:write'], requestsPerMinute: 60 },
    },
    idempotent: true,
    success: {
      201: { description: 'The key with its secret', schema: newApiKeySchema, example: newApiKeyExample },
    },
    errors: [apiKeyErrors.beyondAuthority, apiKeyErrors.expiryInPast],
    handle: (ctx, { body }) => createApiKey(ctx, body),
    respond: (made) => created(presentNewApiKey(made), `${listPath}/${made.key.id}`, made.key.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listApiKeys',
    tag,
    summary: "List the organization's API keys, revoked ones too",
    access: mayRead,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page, in the order they were made',
        schema: apiKeyPageSchema,
        example: { data: [apiKeyExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listApiKeys(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentApiKey), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getApiKey',
    tag,
    summary: 'Read an API key; usage is up to date within seconds',
    access: mayRead,
    limit: 'api',
    params: apiKeyParamsSchema,
    success: { 200: { description: 'The key', schema: apiKeySchema, example: apiKeyExample } },
    errors: [apiKeyErrors.notFound],
    handle: (ctx, { params }) => getApiKey(ctx, params.id),
    respond: (key) => ok(presentApiKey(key), key.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateApiKey',
    tag,
    summary: 'Change name, scopes, limit or expiry; takes effect within 10 s',
    access: mayWrite,
    limit: 'api',
    params: apiKeyParamsSchema,
    body: { schema: updateApiKeySchema, example: { name: 'Weekly reports', scopes: ['read'] } },
    concurrency: true,
    success: { 200: { description: 'The key as it is now', schema: apiKeySchema, example: apiKeyExample } },
    errors: [
      apiKeyErrors.notFound,
      apiKeyErrors.revoked,
      apiKeyErrors.beyondAuthority,
      apiKeyErrors.expiryInPast,
    ],
    handle: (ctx, { params, body, ifMatch }) => updateApiKey(ctx, params.id, body, ifMatch),
    respond: (key) => ok(presentApiKey(key), key.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'revokeApiKey',
    tag,
    summary: 'Revoke an API key; takes effect within 10 s',
    access: mayWrite,
    limit: 'api',
    params: apiKeyParamsSchema,
    concurrency: true,
    success: { 204: { description: 'Revoked' } },
    errors: [apiKeyErrors.notFound, apiKeyErrors.revoked],
    handle: (ctx, { params, ifMatch }) => revokeApiKey(ctx, params.id, ifMatch),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${path}/reroll`,
    operationId: 'rerollApiKey',
    tag,
    summary: 'Give an API key a new secret; the old one stays good for a grace time',
    access: mayWrite,
    limit: 'api',
    params: apiKeyParamsSchema,
    body: { schema: rerollApiKeySchema, example: { graceSeconds: 3600 } },
    idempotent: true,
    success: {
      200: { description: 'The key with its new secret', schema: newApiKeySchema, example: newApiKeyExample },
    },
    errors: [apiKeyErrors.notFound, apiKeyErrors.revoked, apiKeyErrors.beyondAuthority],
    handle: (ctx, { params, body }) => rerollApiKey(ctx, params.id, body.graceSeconds),
    respond: (made) => ok(presentNewApiKey(made), made.key.version),
  }),
];
