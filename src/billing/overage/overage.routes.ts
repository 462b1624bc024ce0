import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { exactness, readers, summaryQuerySchema } from '../usage/index.ts';
import { getUsageSummary } from './get-usage-summary.ts';
import { summaryExample, summarySchema } from './summary.schemas.ts';

export const overageRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/usage/summary',
    operationId: 'getUsageSummary',
    tag: 'Usage',
    summary: 'Get usage totals',
    description:
      'Returns the usage that every meter counted in a period, with a forecast for its end and, for a month, the ' +
      'usage beyond the plan. With `dimension` and `value`, only usage with that value is counted, in at most 31 ' +
      `days; \`included\` and \`overage\` are always those of the whole organization. ${exactness} ${readers}`,
    access: { kind: 'permission', permission: 'usage:read' },
    limit: 'api',
    query: summaryQuerySchema,
    success: { 200: { description: 'The totals', schema: summarySchema, example: summaryExample } },
    handle: (ctx, { query }) => getUsageSummary(ctx, query),
    respond: (view) => ok(view),
  }),
];
