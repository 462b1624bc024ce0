import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { providerErrors } from '../providers/index.ts';
import { openPortal } from './open-portal.ts';
import { getSubscription } from './read-subscription.ts';
import { startCheckout } from './start-checkout.ts';
import { subscriptionErrors } from './subscriptions.errors.ts';
import {
  billingStateExample,
  billingStateSchema,
  checkoutExample,
  checkoutSchema,
  openPortalSchema,
  portalSchema,
  startCheckoutSchema,
} from './subscriptions.schemas.ts';

const tag = 'Billing';
/** Several requests to the provider, each of which may be repeated. */
const timeLimitSeconds = 30;

export const subscriptionRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/billing/subscription',
    operationId: 'getSubscription',
    tag,
    summary: 'Get the subscription',
    description:
      'Returns the subscription of the organization, the plan that it is on, and whether plans can be paid for here. Needs the ' +
      'permission `billing:read`, which owners and administrators have.',
    access: { kind: 'permission', permission: 'billing:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The subscription, and what can be subscribed to',
        schema: billingStateSchema,
        example: billingStateExample,
      },
    },
    handle: (ctx) => getSubscription(ctx),
    respond: (state) => ok(state),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/billing/checkout',
    operationId: 'startCheckout',
    tag,
    summary: 'Start a checkout',
    description:
      'Returns the address of a page of the payment provider on which a plan is paid. The subscription begins when that is done. ' +
      'Starting another checkout ends the one before. An organization that never had a subscription gets a trial, if the plan ' +
      'has one. Needs the permission `billing:write`, which owners have.',
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    timeLimitSeconds,
    body: {
      schema: startCheckoutSchema,
      example: { plan: 'pro', interval: 'monthly', returnUrl: 'https://app.auralink.test/billing' },
    },
    idempotent: true,
    roundTrips: { max: 3, reason: 'the first checkout stores the customer before it starts' },
    success: { 201: { description: 'The checkout', schema: checkoutSchema, example: checkoutExample } },
    errors: [
      ...Object.values(providerErrors).filter((error) => error !== providerErrors.badSignature),
      subscriptionErrors.alreadySubscribed,
      subscriptionErrors.checkoutConflict,
      subscriptionErrors.returnUrlNotAllowed,
    ],
    handle: (ctx, { body }) => startCheckout(ctx, body),
    respond: (checkout) => created(checkout, '/api/v1/billing/subscription'),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/billing/portal',
    operationId: 'openBillingPortal',
    tag,
    summary: 'Open the portal',
    description:
      'Returns the address of a page of the payment provider on which cards and invoices are managed. Needs the permission ' +
      '`billing:write`, which owners have.',
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    timeLimitSeconds,
    body: { schema: openPortalSchema, example: { returnUrl: 'https://app.auralink.test/billing' } },
    idempotent: true,
    success: {
      200: {
        description: 'The portal',
        schema: portalSchema,
        example: { url: 'https://billing.stripe.com/p/session/1' },
      },
    },
    errors: [
      providerErrors.notConfigured,
      providerErrors.providerUnavailable,
      providerErrors.providerRefused,
      subscriptionErrors.notSubscribed,
      subscriptionErrors.returnUrlNotAllowed,
    ],
    handle: (ctx, { body }) => openPortal(ctx, body),
    respond: (portal) => ok(portal),
  }),
];
