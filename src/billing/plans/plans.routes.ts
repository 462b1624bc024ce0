import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { presentPlans } from './plans.present.ts';
import { plansSchema } from './plans.schemas.ts';

export const planRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/billing/plans',
    operationId: 'getPlans',
    tag: 'Billing',
    summary: 'Get the plans',
    description:
      'Returns every plan: what it costs for a month and a year, what it limits, what it includes, and the price of each ' +
      'unit beyond that.',
    access: { kind: 'public', reason: 'everybody may see what plans cost before they have an account' },
    limit: 'api',
    success: { 200: { description: 'The plans', schema: plansSchema, example: presentPlans() } },
    handle: () => Promise.resolve(presentPlans()),
    respond: (plans) => ok(plans),
  }),
];
