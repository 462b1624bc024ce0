import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { createGenerationExample, createGenerationSchema } from '../generation-requests/index.ts';
import { explainRoute } from './explain-route.ts';
import { presentDecision } from './routing.present.ts';
import { routingErrors } from './routing.errors.ts';
import { routeExplanationExample, routeExplanationSchema } from './routing.schemas.ts';

const { model: _model, ...question } = createGenerationExample;

export const routingRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/route/explain',
    operationId: 'explainAiRoute',
    tag: 'AI',
    summary: 'Explain an AI route',
    description:
      'Returns the models that a generation with this body would ask, in order, and why each of the ' +
      'others is excluded. No provider is asked, and nothing is stored. Generations follow the same ' +
      'rules.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    body: { schema: createGenerationSchema, example: { ...question, policy: 'cheapest' as const } },
    bodyLimitBytes: 4 * 1024 * 1024,
    success: {
      200: { description: 'The route', schema: routeExplanationSchema, example: routeExplanationExample },
    },
    errors: [routingErrors.modelNotFound],
    handle: (ctx, { body }) => explainRoute(ctx, body),
    respond: (decision) => ok(presentDecision(decision)),
  }),
];
