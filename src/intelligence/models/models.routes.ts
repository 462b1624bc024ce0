import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { listModels } from './list-models.ts';
import { MODEL_SOURCE } from './models.rules.ts';
import { modelListExample, modelListSchema } from './models.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    ai: 'read' | 'write';
  }
}

export const modelRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/models',
    operationId: 'listAiModels',
    tag: 'AI',
    summary: 'List AI models',
    description:
      'Lists the available models, with what each can do and costs, and whether the organization can ' +
      'use it.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    roundTrips: { max: 2, reason: 'prices are kept for a minute, apart from keys and plan' },
    success: { 200: { description: 'The models', schema: modelListSchema, example: modelListExample } },
    handle: listModels,
    respond: (data) => ok({ data, source: MODEL_SOURCE }),
  }),
];
