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
  'An answer counts once it has ended, at the time of its request. Ratings of runs of teams count for no model. ' +
  'Needs the permission `analytics:read`.';

export const qualityRoutes: readonly Route[] = [
  defineRoute({
    ...common,
    path: '/api/v1/ai/quality',
    operationId: 'getAnswerQuality',
    summary: 'Get answer quality',
    description: `Returns successes, times, costs and ratings of answers, by model and feature. ${NEEDS}`,
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
      'Compares two models by their answers to the organization. Each difference has an interval in which it lies ' +
      'with 95 % confidence. Questions were not assigned to models at random, so a difference may come from the ' +
      `questions. ${NEEDS}`,
    query: comparisonQuerySchema,
    success: {
      200: { description: 'The two models', schema: comparisonSchema, example: comparisonExample },
    },
    handle: (ctx, { query }) => compareModels(ctx, query),
    respond: (found) => ok(presentComparison(found)),
  }),
];
