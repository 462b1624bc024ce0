import { z } from '@hono/zod-openapi';
import { defineRoute, noContent, type Route } from '../../platform/http/index.ts';
import { providerErrors } from '../providers/index.ts';
import { receiveProviderEvent } from './receive-provider-event.ts';

/** The largest events, about invoices with many lines, have some hundred kilobytes. */
const MAX_EVENT_BYTES = 1024 * 1024;

const stripeExample = JSON.stringify({
  id: 'evt_1QhXYZ2eZvKYlo2C',
  object: 'event',
  type: 'customer.subscription.updated',
  created: 1767605400,
  data: { object: { id: 'sub_1QhXYZ2eZvKYlo2C', object: 'subscription', customer: 'cus_RaBcDeFgHiJkLm' } },
});

const paddleExample = JSON.stringify({
  event_id: 'evt_01kxd3q4m2c8v6t0z5n7r9w1yb',
  event_type: 'subscription.updated',
  occurred_at: '2026-01-05T09:30:00.000Z',
  notification_id: 'ntf_01kxd3q4p7f2j9s4x6h8k0m3ga',
  data: { id: 'sub_01kxd3q4r1e5w9b7u2y4c6z8dt', customer_id: 'ctm_01kxd3q4t8g3n6q1v5a7f9j2kp' },
});

export const providerEventRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/webhooks/stripe',
    operationId: 'receiveStripeEvent',
    tag: 'Billing',
    summary: 'Receive a Stripe event',
    description:
      'Webhook for Stripe. The answer is 204 once the event is stored; subscription, plan and invoices of the organization ' +
      'follow within seconds. Stripe repeats an event that was answered otherwise, and an event that is received twice counts ' +
      'once. Without a configured Stripe account it answers `billing.not_configured`.',
    access: { kind: 'public', reason: 'each event is signed with the secret of the webhook' },
    limit: 'webhook',
    headers: z.object({
      'stripe-signature': z.string().max(2_048).default('').openapi({
        description: 'Time and signature of the body, made by Stripe with the secret of the webhook.',
        example: 't=1767605400,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd',
      }),
    }),
    rawBody: { mediaTypes: ['application/json'], example: stripeExample },
    bodyLimitBytes: MAX_EVENT_BYTES,
    success: { 204: { description: 'The event is stored' } },
    errors: [providerErrors.badSignature, providerErrors.notConfigured],
    handle: (ctx, { raw, headers }) => receiveProviderEvent(ctx, 'stripe', raw, headers['stripe-signature']),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/webhooks/paddle',
    operationId: 'receivePaddleEvent',
    tag: 'Billing',
    summary: 'Receive a Paddle event',
    description:
      'Webhook for Paddle. The answer is 204 once the event is stored; subscription, plan and invoices of the organization ' +
      'follow within seconds. Paddle repeats an event that was answered otherwise, and an event that is received twice counts ' +
      'once. Without a configured Paddle account it answers `billing.not_configured`.',
    access: { kind: 'public', reason: 'each event is signed with the secret of the webhook' },
    limit: 'webhook',
    headers: z.object({
      'paddle-signature': z.string().max(2_048).default('').openapi({
        description: 'Time and signature of the body, made by Paddle with the secret of the webhook.',
        example: 'ts=1767605400;h1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd',
      }),
    }),
    rawBody: { mediaTypes: ['application/json'], example: paddleExample },
    bodyLimitBytes: MAX_EVENT_BYTES,
    success: { 204: { description: 'The event is stored' } },
    errors: [providerErrors.badSignature, providerErrors.notConfigured],
    handle: (ctx, { raw, headers }) => receiveProviderEvent(ctx, 'paddle', raw, headers['paddle-signature']),
    respond: noContent,
  }),
];
