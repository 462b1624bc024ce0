import { pageQuerySchema } from '../../kernel/core/index.ts';
import { callErrors, callParamsSchema } from '../../insights/call-history/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { callCostExample, costLineExample, summaryExample } from './costs.examples.ts';
import { callCostSchema, costLinePageSchema, summaryQuerySchema, summarySchema } from './costs.schemas.ts';
import { getCallCost, getCostSummary, listCallCostLines } from './read-costs.ts';

const tag = 'Costs';
const access = { kind: 'permission', permission: 'usage:read' } as const;
const readers = 'Needs the permission `usage:read`, which owners and administrators have.';
const unknown = 'Usage without a known price has an unknown cost, never zero.';

export const costRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/calls/{callId}/cost',
    operationId: 'getCallCost',
    tag,
    summary: 'Get call costs',
    description: `Returns what providers charge for the usage of a call, by meter and price. ${unknown} ${readers}`,
    access,
    limit: 'api',
    params: callParamsSchema,
    success: { 200: { description: 'The cost', schema: callCostSchema, example: callCostExample } },
    errors: [callErrors.notFound],
    handle: (ctx, { params }) => getCallCost(ctx, params.callId),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/calls/{callId}/cost/lines',
    operationId: 'listCallCostLines',
    tag,
    summary: 'List cost lines',
    description:
      'Returns the cost lines of a call, in the order in which its usage was recorded. Lines are never changed: a correction ' +
      `and a new price add lines. The sum of all lines is the cost of the call. ${readers}`,
    access,
    limit: 'api',
    params: callParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of lines',
        schema: costLinePageSchema,
        example: { data: [costLineExample], nextCursor: null },
      },
    },
    errors: [callErrors.notFound],
    handle: (ctx, { params, query }) => listCallCostLines(ctx, params.callId, query),
    respond: (page) => ok(page),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/costs/summary',
    operationId: 'getCostSummary',
    tag,
    summary: 'Get cost totals',
    description: `Returns what providers charge for the usage of a period, and its groups. ${unknown} ${readers}`,
    access,
    limit: 'api',
    query: summaryQuerySchema,
    success: { 200: { description: 'The costs', schema: summarySchema, example: summaryExample } },
    handle: (ctx, { query }) => getCostSummary(ctx, query),
    respond: (view) => ok(view),
  }),
];
