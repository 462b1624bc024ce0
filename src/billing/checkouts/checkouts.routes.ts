import { created, defineRoute, type Route } from '../../platform/http/index.ts';
import { customerErrors } from '../customers/index.ts';
import { providerErrors } from '../providers/index.ts';
import { checkoutErrors } from './checkouts.errors.ts';
import { checkoutExample, checkoutSchema, startCheckoutSchema } from './checkouts.schemas.ts';
import { startCheckout } from './start-checkout.ts';

export const checkoutRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/billing/checkout',
    operationId: 'startCheckout',
    tag: 'Billing',
    summary: 'Start a checkout',
    description:
      'Returns the address of a page of the payment provider on which a plan and its seats can be paid for. The ' +
      'subscription begins with the payment. Starting another checkout ends the previous one. An organization ' +
      'that never had a subscription gets a trial, if the plan has one. Needs the permission `billing:write`, ' +
      'which owners have.',
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    // Time for several requests to the provider, with repetitions.
    timeLimitSeconds: 30,
    body: {
      schema: startCheckoutSchema,
      example: { plan: 'pro', interval: 'monthly', returnUrl: 'https://app.auralink.test/billing' },
    },
    idempotent: true,
    roundTrips: { max: 3, reason: 'the first checkout stores the customer before it starts' },
    success: { 201: { description: 'The checkout', schema: checkoutSchema, example: checkoutExample } },
    errors: [
      ...Object.values(providerErrors).filter(
        (error) => error !== providerErrors.badSignature && error !== providerErrors.changeConflict,
      ),
      checkoutErrors.alreadySubscribed,
      checkoutErrors.checkoutConflict,
      customerErrors.returnUrlNotAllowed,
      customerErrors.seatsNotCounted,
    ],
    handle: (ctx, { body }) => startCheckout(ctx, body),
    respond: (checkout) => created(checkout, '/api/v1/billing/subscription'),
  }),
];
