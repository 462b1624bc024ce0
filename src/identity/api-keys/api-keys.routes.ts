import { entitlementErrors } from '../entitlements/index.ts';
import { orderedPageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { apiKeyErrors } from './api-keys.errors.ts';
import { presentApiKey, presentNewApiKey } from './api-keys.present.ts';
import {
  apiKeyExample,
  apiKeyPageSchema,
  apiKeyParamsSchema,
  apiKeySchema,
  createApiKeySchema,
  newApiKeyExample,
  newApiKeySchema,
  rerollApiKeySchema,
  updateApiKeySchema,
} from './api-keys.schemas.ts';
import { createApiKey } from './create-api-key.ts';
import { getApiKey, listApiKeys } from './read-api-keys.ts';
import { rerollApiKey } from './reroll-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { updateApiKey } from './update-api-key.ts';

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
const apiKeySuccess = { description: 'The API key', schema: apiKeySchema, example: apiKeyExample };
const newApiKeySuccess = {
  description: 'The API key with its secret',
  schema: newApiKeySchema,
  example: newApiKeyExample,
};

export const apiKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createApiKey',
    tag,
    summary: 'Create an API key',
    description:
      'Creates a key with which a program acts for the organization. Only this response contains the secret. A key ' +
      'cannot have scopes with permissions that you do not have, and cannot call operations for signed-in users.',
    access: mayWrite,
    limit: 'api',
    body: {
      schema: createApiKeySchema,
      example: { name: 'Nightly reports', scopes: ['read', 'rooms:write'], requestsPerMinute: 60 },
    },
    idempotent: true,
    success: { 201: newApiKeySuccess },
    errors: [entitlementErrors.limitReached, apiKeyErrors.beyondAuthority, apiKeyErrors.expiryInPast],
    handle: (ctx, { body }) => createApiKey(ctx, body),
    respond: (made) => created(presentNewApiKey(made), `${listPath}/${made.key.id}`, made.key.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listApiKeys',
    tag,
    summary: 'List API keys',
    description:
      'Lists the API keys of the organization, also expired and revoked ones, by default in the order they were created.',
    access: mayRead,
    limit: 'api',
    query: orderedPageQuerySchema,
    success: {
      200: {
        description: 'A page of API keys',
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
    summary: 'Get an API key',
    description: 'Returns an API key of the organization with its usage, but never its secret.',
    access: mayRead,
    limit: 'api',
    params: apiKeyParamsSchema,
    success: { 200: apiKeySuccess },
    errors: [apiKeyErrors.notFound],
    handle: (ctx, { params }) => getApiKey(ctx, params.id),
    respond: (key) => ok(presentApiKey(key), key.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateApiKey',
    tag,
    summary: 'Update an API key',
    description:
      'Changes name, scopes, limit or expiry and keeps the secret. You need every permission that the key has before ' +
      'and after. The change takes effect within ten seconds.',
    access: mayWrite,
    limit: 'api',
    params: apiKeyParamsSchema,
    body: { schema: updateApiKeySchema, example: { name: 'Weekly reports', scopes: ['read'] } },
    concurrency: true,
    success: { 200: apiKeySuccess },
    errors: [
      entitlementErrors.limitReached,
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
    summary: 'Revoke an API key',
    description:
      'Ends a key for good, including a former secret that is still valid: it is refused as soon as it is ' +
      'revoked. The key remains in the list. Callers with `api-keys:write` can revoke every key.',
    access: mayWrite,
    limit: 'api',
    params: apiKeyParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The API key was revoked' } },
    errors: [apiKeyErrors.notFound, apiKeyErrors.revoked],
    handle: (ctx, { params, ifMatch }) => revokeApiKey(ctx, params.id, ifMatch),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${path}/reroll`,
    operationId: 'rerollApiKey',
    tag,
    summary: 'Reroll an API key',
    description:
      'Gives a key a new secret, which only this response contains. The current secret remains valid for ' +
      '`graceSeconds`; a secret kept by an earlier reroll stops working at once. You need every permission of the key.',
    access: mayWrite,
    limit: 'api',
    params: apiKeyParamsSchema,
    body: { schema: rerollApiKeySchema, example: { graceSeconds: 3600 } },
    idempotent: true,
    success: { 200: newApiKeySuccess },
    errors: [apiKeyErrors.notFound, apiKeyErrors.revoked, apiKeyErrors.beyondAuthority],
    handle: (ctx, { params, body }) => rerollApiKey(ctx, params.id, body.graceSeconds),
    respond: (made) => ok(presentNewApiKey(made), made.key.version),
  }),
];
