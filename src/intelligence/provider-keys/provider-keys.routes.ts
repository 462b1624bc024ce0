import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { deleteProviderKey, listProviderKeys, setProviderKey } from './manage-keys.ts';
import { providerKeyErrors } from './provider-keys.errors.ts';
import {
  providerKeyExample,
  providerKeyListSchema,
  providerKeyParamsSchema,
  providerKeySchema,
  type ProviderKeyView,
  setProviderKeyExample,
  setProviderKeySchema,
} from './provider-keys.schemas.ts';
import type { CatalogueKeyRow } from './custom-providers.rules.ts';

const tag = 'AI';
const listPath = '/api/v1/ai/provider-keys';
const path = `${listPath}/{provider}`;
const writeAccess = { kind: 'permission', permission: 'ai-settings:write' } as const;

const presentKey = ({ provider, testedAt, updatedAt }: CatalogueKeyRow): ProviderKeyView => ({
  provider,
  testedAt: testedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

export const providerKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listAiProviderKeys',
    tag,
    summary: 'List provider keys',
    description: 'Lists the providers for which the organization has its own key, without the keys.',
    access: { kind: 'permission', permission: 'ai-settings:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The keys',
        schema: providerKeyListSchema,
        example: { data: [providerKeyExample] },
      },
    },
    handle: listProviderKeys,
    respond: (rows) => ok({ data: rows.map(presentKey) }),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setAiProviderKey',
    tag,
    summary: 'Set a provider key',
    description:
      'Stores a key of the organization for a provider, in place of the one before. First the key is ' +
      "tested with the provider; if it is refused, nothing is stored. The provider's models are then " +
      'asked with this key. The provider charges you: neither budget nor usage of the organization ' +
      'counts these requests.',
    access: writeAccess,
    limit: 'ai',
    params: providerKeyParamsSchema,
    body: { schema: setProviderKeySchema, example: setProviderKeyExample },
    timeLimitSeconds: 20,
    success: { 200: { description: 'The key', schema: providerKeySchema, example: providerKeyExample } },
    errors: [providerKeyErrors.refused, providerKeyErrors.untested],
    handle: (ctx, { params, body }) => setProviderKey(ctx, params.provider, body.secret),
    respond: (row) => ok(presentKey(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteAiProviderKey',
    tag,
    summary: 'Delete a provider key',
    description:
      'Removes the key of the organization for a provider. Its models are then asked with the key of ' +
      'the platform, if there is one.',
    access: writeAccess,
    limit: 'api',
    params: providerKeyParamsSchema,
    success: { 204: { description: 'It is removed' } },
    errors: [providerKeyErrors.notFound],
    handle: (ctx, { params }) => deleteProviderKey(ctx, params.provider),
    respond: noContent,
  }),
];
