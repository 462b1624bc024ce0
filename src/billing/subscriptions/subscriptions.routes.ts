import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { getSubscription } from './read-subscription.ts';
import { billingStateExample, billingStateSchema } from './subscriptions.schemas.ts';

export const subscriptionRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/billing/subscription',
    operationId: 'getSubscription',
    tag: 'Billing',
    summary: 'Get the subscription',
    description:
      'Returns the subscription of the organization, its plan, and whether plans can be paid for here. Needs the ' +
      'permission `billing:read`, which owners and administrators have.',
    access: { kind: 'permission', permission: 'billing:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The subscription, and the offers',
        schema: billingStateSchema,
        example: billingStateExample,
      },
    },
    handle: (ctx) => getSubscription(ctx),
    respond: (state) => ok(state),
  }),
];
