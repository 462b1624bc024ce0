import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { getConsolidation, updateConsolidation } from './manage-settings.ts';
import { DEFAULTS, versionOf } from './memory-consolidation.rules.ts';
import {
  consolidationExample,
  consolidationParamsSchema,
  consolidationSchema,
  updateConsolidationSchema,
} from './memory-consolidation.schemas.ts';
import type { ConsolidationSettings } from './memory-consolidation.tables.ts';

const presentConsolidation = (settings: ConsolidationSettings | undefined) => {
  const { mergeSame, mostMemories, forgetUnusedDays } = settings ?? DEFAULTS;
  return { mergeSame, mostMemories, forgetUnusedDays, updatedAt: settings?.updatedAt.toISOString() ?? null };
};

const common = {
  path: '/api/v1/ai/memory/consolidation/{scope}',
  tag: 'Memory',
  limit: 'api',
  params: consolidationParamsSchema,
  success: {
    200: { description: 'The settings', schema: consolidationSchema, example: consolidationExample },
  },
} as const;

export const memoryConsolidationRoutes: readonly Route[] = [
  defineRoute({
    ...common,
    method: 'get',
    operationId: 'getMemoryConsolidation',
    summary: 'Get memory consolidation',
    description:
      'Returns how memories are kept in order: whether memories that say the same are merged, and ' +
      'which are forgotten automatically. By default they are merged, and none is forgotten.',
    access: { kind: 'permission', permission: 'memories:read' },
    handle: (ctx, { params }) => getConsolidation(ctx, params.scope),
    respond: (settings) => ok(presentConsolidation(settings), versionOf(settings)),
  }),
  defineRoute({
    ...common,
    method: 'put',
    operationId: 'updateMemoryConsolidation',
    summary: 'Update memory consolidation',
    description:
      'Changes how memories are kept in order. Users change this for their own memories. People with ' +
      '`memories:manage` change it for the organization with its rooms. It applies within minutes. Forgotten ' +
      'memories, and memories that were derived from them, cannot be restored.',
    access: { kind: 'permission', permission: 'memories:write' },
    body: {
      schema: updateConsolidationSchema,
      example: { mergeSame: true, mostMemories: 5_000, forgetUnusedDays: 365 },
    },
    concurrency: true,
    handle: (ctx, { params, body, ifMatch }) => updateConsolidation(ctx, params.scope, body, ifMatch),
    respond: (settings) => ok(presentConsolidation(settings), settings.version),
  }),
];
