import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { ownNameOf } from '../providers/index.ts';
import type { CustomProviderRow } from './custom-providers.rules.ts';
import {
  customProviderExample,
  customProviderListSchema,
  customProviderParamsSchema,
  customProviderSchema,
  type CustomProviderView,
  setCustomProviderExample,
  setCustomProviderSchema,
} from './custom-providers.schemas.ts';
import { deleteCustomProvider, listCustomProviders, setCustomProvider } from './manage-custom-providers.ts';
import { providerKeyErrors } from './provider-keys.errors.ts';

const tag = 'AI';
const listPath = '/api/v1/ai/custom-providers';
const path = `${listPath}/{customProviderName}`;
const writeAccess = { kind: 'permission', permission: 'ai-settings:write' } as const;
const { customNotFound, tooManyCustom, refused, untested } = providerKeyErrors;

const presentProvider = (row: CustomProviderRow): CustomProviderView => ({
  name: ownNameOf(row.provider),
  baseUrl: row.baseUrl,
  models: [...row.models],
  takesUsageOption: row.takesUsageOption,
  testedAt: row.testedAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const customProviderRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listAiCustomProviders',
    tag,
    summary: 'List custom providers',
    description:
      'Lists the providers that the organization has added, with their models and without their keys.',
    access: { kind: 'permission', permission: 'ai-settings:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The custom providers',
        schema: customProviderListSchema,
        example: { data: [customProviderExample] },
      },
    },
    handle: listCustomProviders,
    respond: (rows) => ok({ data: rows.map(presentProvider) }),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setAiCustomProvider',
    tag,
    summary: 'Set a custom provider',
    description:
      'Stores a provider whose API is that of Chat Completions (vLLM, Groq, Mistral and many more). ' +
      'It replaces a provider with the same name; an organization has at most 10. First the key is ' +
      'tested by asking for the list of models; if the provider refuses it, nothing is stored. The ' +
      'models that are listed here are then available as `name/model`. The provider charges you: ' +
      'neither budget nor usage of the organization counts these requests. The key must be sent with ' +
      'each change.',
    access: writeAccess,
    limit: 'ai',
    params: customProviderParamsSchema,
    body: { schema: setCustomProviderSchema, example: setCustomProviderExample },
    timeLimitSeconds: 25,
    success: {
      200: {
        description: 'The custom provider',
        schema: customProviderSchema,
        example: customProviderExample,
      },
    },
    errors: [
      refused,
      untested,
      tooManyCustom,
      outgoingErrors.addressRefused,
      outgoingErrors.unresolved,
      outgoingErrors.resolverUnavailable,
    ],
    handle: (ctx, { params, body }) => setCustomProvider(ctx, params.customProviderName, body),
    respond: (row) => ok(presentProvider(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteAiCustomProvider',
    tag,
    summary: 'Delete a custom provider',
    description: 'Removes a custom provider with its key. Its models are no longer available.',
    access: writeAccess,
    limit: 'api',
    params: customProviderParamsSchema,
    success: { 204: { description: 'It is removed' } },
    errors: [customNotFound],
    handle: (ctx, { params }) => deleteCustomProvider(ctx, params.customProviderName),
    respond: noContent,
  }),
];
