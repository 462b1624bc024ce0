import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { presentAiAnalytics } from './ai-analytics.present.ts';
import { aiAnalyticsExample, aiAnalyticsQuerySchema, aiAnalyticsSchema } from './ai-analytics.schemas.ts';
import { getAiAnalytics } from './get-ai-analytics.ts';

export const aiAnalyticsRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/analytics/ai-usage',
    operationId: 'getAiAnalytics',
    tag: 'Analytics',
    summary: 'Get AI analytics',
    description:
      'Returns the requests to language models in a range, with their tokens, cost, latency and share of ' +
      'successful answers, compared with the period before. They are grouped by model, feature or provider, and ' +
      'by day, week or month. Figures follow within two minutes after an answer has ended. Needs the permission ' +
      '`analytics:read`. These costs do not need `usage:read`, unlike costs of calls, users and rooms.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    query: aiAnalyticsQuerySchema,
    success: {
      200: {
        description: 'The figures of the range',
        schema: aiAnalyticsSchema,
        example: aiAnalyticsExample,
      },
    },
    handle: (ctx, { query }) => getAiAnalytics(ctx, query),
    respond: (figures) => ok(presentAiAnalytics(figures)),
  }),
];
