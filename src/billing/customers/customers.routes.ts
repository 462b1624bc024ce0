import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { providerErrors } from '../providers/index.ts';
import { customerErrors } from './customers.errors.ts';
import { openPortalSchema, portalSchema } from './customers.schemas.ts';
import { openPortal } from './open-portal.ts';

export const customerRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/billing/portal',
    operationId: 'openBillingPortal',
    tag: 'Billing',
    summary: 'Open the billing portal',
    description:
      'Returns the address of a page of the payment provider for managing cards and invoices. Needs the ' +
      'permission `billing:write`, which owners have.',
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    // Time for a request to the provider, with repetitions.
    timeLimitSeconds: 30,
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
      customerErrors.notSubscribed,
      customerErrors.returnUrlNotAllowed,
    ],
    handle: (ctx, { body }) => openPortal(ctx, body),
    respond: (portal) => ok(portal),
  }),
];
