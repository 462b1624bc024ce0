import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { insightErrors } from './cost-insights.errors.ts';
import { presentInsight, presentInsights } from './cost-insights.present.ts';
import {
  insightExample,
  insightParamsSchema,
  insightQuerySchema,
  insightSchema,
  insightsExample,
  insightsSchema,
  updateInsightSchema,
} from './cost-insights.schemas.ts';
import { listInsights, updateInsight } from './manage-insights.ts';

const tag = 'Analytics';
const path = '/api/v1/analytics/cost-insights';

export const insightRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listCostInsights',
    tag,
    summary: 'List cost insights',
    description:
      'Lists ways to save costs, found once a day by fixed rules in the figures of the organization. Each has its ' +
      'evidence and, where there is a price, the possible saving in a month. Implemented insights stay in the ' +
      'list and are measured again.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    query: insightQuerySchema,
    success: { 200: { description: 'The insights', schema: insightsSchema, example: insightsExample } },
    handle: (ctx, { query }) => listInsights(ctx, query),
    respond: (insights) => ok(presentInsights(insights)),
  }),
  defineRoute({
    method: 'patch',
    path: `${path}/{costInsightId}`,
    operationId: 'updateCostInsight',
    tag,
    summary: 'Update a cost insight',
    description:
      'Sets the status of an insight. With every status, the next measurements show whether the insight is still ' +
      'found.',
    access: { kind: 'permission', permission: 'analytics:write' },
    limit: 'api',
    params: insightParamsSchema,
    body: { schema: updateInsightSchema, example: { status: 'implemented' } },
    success: { 200: { description: 'The insight', schema: insightSchema, example: insightExample } },
    errors: [insightErrors.notFound],
    handle: (ctx, { params, body }) => updateInsight(ctx, params.costInsightId, body),
    respond: (insight) => ok(presentInsight(insight)),
  }),
];
