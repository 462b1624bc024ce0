import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { getPerformanceSummary, getSession, listMetrics } from './read-recommendations.ts';
import { recommendationErrors } from './recommendations.errors.ts';
import { presentMetric, presentSession } from './recommendations.present.ts';
import {
  listMetricsSchema,
  metricExample,
  metricPageSchema,
  performanceSummaryExample,
  performanceSummarySchema,
  sessionExample,
  sessionParamsSchema,
  sessionSchema,
  summaryQuerySchema,
} from './recommendations.schemas.ts';

const tag = 'Compression';
const access = { kind: 'permission', permission: 'calls:read' } as const;
const WHOSE =
  'API keys and members with the permission `rooms:manage` see everybody’s, other members their own.';

export const recommendationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/aic/sessions/{sendSessionId}',
    operationId: 'getSendSession',
    tag,
    summary: 'Get a recommendation session',
    description: `Returns the recommendations to a participant of a call, and how their client followed them. ${WHOSE}`,
    access,
    limit: 'api',
    params: sessionParamsSchema,
    success: { 200: { description: 'The session', schema: sessionSchema, example: sessionExample } },
    errors: [recommendationErrors.sessionNotFound],
    handle: (ctx, { params }) => getSession(ctx, params.sendSessionId),
    respond: (found) => ok(presentSession(found)),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/aic/metrics',
    operationId: 'listSendMetrics',
    tag,
    summary: 'List recommendation metrics',
    description:
      'Lists recommendations, the newest first: the network that each was made for, what was sent before it, and what the client ' +
      `did. They are kept for 90 days. ${WHOSE}`,
    access,
    limit: 'api',
    query: listMetricsSchema,
    success: {
      200: {
        description: 'A page of metrics',
        schema: metricPageSchema,
        example: { data: [metricExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listMetrics(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentMetric), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/aic/performance/summary',
    operationId: 'getSendPerformance',
    tag,
    summary: 'Get the recommendation summary',
    description:
      'Returns what came of the recommendations of the last hours in the whole organization. Needs the permission `analytics:read`, ' +
      'which owners and administrators have.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    query: summaryQuerySchema,
    success: {
      200: {
        description: 'The summary',
        schema: performanceSummarySchema,
        example: performanceSummaryExample,
      },
    },
    handle: (ctx, { query }) => getPerformanceSummary(ctx, query.hours),
    respond: (view) => ok(view),
  }),
];
