import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { presentComparison, presentQuality } from './ai-quality.present.ts';
import {
  comparisonExample,
  comparisonQuerySchema,
  comparisonSchema,
  qualityListExample,
  qualityListSchema,
  qualityQuerySchema,
} from './ai-quality.schemas.ts';
import { compareModels, getAnswerQuality } from './read-quality.ts';

const common = {
  method: 'get',
  tag: 'AI quality',
  access: { kind: 'permission', permission: 'analytics:read' },
  limit: 'api',
} as const;
const NEEDS =
  'An answer counts when it has ended, for the time at which it was asked for. Ratings of runs of teams count for no model. Needs the ' +
  'permission `analytics:read`.';

export const qualityRoutes: readonly Route[] = [
  defineRoute({
    ...common,
    path: '/api/v1/ai/quality',
    operationId: 'getAnswerQuality',
    summary: 'Get answer quality',
    description: `Returns how models did, by what they were asked for: successes, time, cost, ratings. ${NEEDS}`,
    query: qualityQuerySchema,
    success: {
      200: { description: 'Models and features', schema: qualityListSchema, example: qualityListExample },
    },
    handle: (ctx, { query }) => getAnswerQuality(ctx, query),
    respond: (found) => ok(presentQuality(found)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/ai/quality/comparison',
    operationId: 'compareModels',
    summary: 'Compare two models',
    description:
      'Compares two models by the answers that they gave the organization, with how sure each difference is: the interval in which it lies with 95 % ' +
      `confidence. What a model was asked was not assigned by chance, so a difference may be one of the questions. ${NEEDS}`,
    query: comparisonQuerySchema,
    success: {
      200: { description: 'The two models', schema: comparisonSchema, example: comparisonExample },
    },
    handle: (ctx, { query }) => compareModels(ctx, query),
    respond: (found) => ok(presentComparison(found)),
  }),
];
