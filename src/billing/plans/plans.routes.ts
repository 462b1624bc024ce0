import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { entitlementsExample, entitlementsSchema } from './entitlements.schemas.ts';
import { getEntitlements } from './get-entitlements.ts';
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
      'Returns every plan: its price for a month and a year, its limits, and its included amounts. It also has ' +
      'the price of a seat for a further member, and of each unit beyond an included amount.',
    access: { kind: 'public', reason: 'everybody may see what plans cost before they have an account' },
    limit: 'api',
    success: { 200: { description: 'The plans', schema: plansSchema, example: presentPlans() } },
    handle: () => Promise.resolve(presentPlans()),
    respond: (plans) => ok(plans),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/billing/entitlements',
    operationId: 'getEntitlements',
    tag: 'Billing',
    summary: 'Get the entitlements',
    description:
      'Returns the limits, features and monthly amounts of the organization. Each limit has its value and its use, ' +
      'and says whether its value comes from the plan.',
    access: { kind: 'permission', permission: 'billing:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The entitlements of the organization',
        schema: entitlementsSchema,
        example: entitlementsExample,
      },
    },
    handle: (ctx) => getEntitlements(ctx),
    respond: (entitlements) => ok(entitlements),
  }),
];
