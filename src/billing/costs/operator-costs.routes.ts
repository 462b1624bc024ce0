import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { priceErrors, priceParamsSchema } from '../prices/index.ts';
import { operatorSummaryExample } from './costs.examples.ts';
import { operatorSummaryQuerySchema, summarySchema } from './costs.schemas.ts';
import { getOperatorCostSummary } from './read-costs.ts';
import { reprice } from './reprice.ts';
import { REPRICE_BATCH, repriceExample, repriceSchema, repricedSchema } from './reprice.schemas.ts';

const tag = 'Operator';
const access = { kind: 'operator' } as const;

export const operatorCostRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/operator/costs/summary',
    operationId: 'getOperatorCostSummary',
    tag,
    summary: 'Get costs of organizations',
    description:
      'Returns what providers charge for the usage of all organizations in a period, in groups, to show which ' +
      'organizations and calls are expensive. For the platform operator.',
    access,
    limit: 'api',
    query: operatorSummaryQuerySchema,
    success: { 200: { description: 'The costs', schema: summarySchema, example: operatorSummaryExample } },
    handle: (ctx, { query }) => getOperatorCostSummary(ctx, query),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/operator/prices/{priceId}/reprice',
    operationId: 'repriceUsage',
    tag,
    summary: 'Price usage again',
    description:
      "Applies the current prices again to usage of the price's meter since the start of the price, including " +
      'usage that had no price. It appends cost lines and changes none; repeating it changes nothing. A request ' +
      `processes at most ${REPRICE_BATCH} records: repeat it with \`continueFrom\` until that is null. For the ` +
      'platform operator.',
    access,
    limit: 'api',
    params: priceParamsSchema,
    body: { schema: repriceSchema, example: repriceExample },
    success: {
      200: {
        description: 'What was done',
        schema: repricedSchema,
        example: { examinedCount: 420, repricedCount: 120, continueFrom: null },
      },
    },
    errors: [priceErrors.notFound],
    handle: (ctx, { params, body }) => reprice(ctx, params.priceId, body),
    respond: (view) => ok(view),
  }),
];
