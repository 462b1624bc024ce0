import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';
import { PROVIDER_NAMES } from '../providers/index.ts';

const provider = z.enum(PROVIDER_NAMES);
const text = z.string().min(1).max(255);

/** Coalesced: the one subscriber of each event reads the current object, so it is enough to deliver the last report. */
const internal = { internal: true, coalesced: true } as const;

export const subscriptionReported = defineEvent({
  type: 'provider.subscription_reported',
  description: 'A payment provider sent an event about a subscription.',
  payload: z.object({ provider, customerId: text, subscriptionId: text }),
  example: { provider: 'stripe', customerId: 'cus_1', subscriptionId: 'sub_1' },
  key: ({ provider: name, subscriptionId }) => `${name}/${subscriptionId}`,
  ...internal,
});

export const invoiceReported = defineEvent({
  type: 'provider.invoice_reported',
  description: 'A payment provider sent an event about an invoice.',
  payload: z.object({ provider, customerId: text, invoiceId: text }),
  example: { provider: 'stripe', customerId: 'cus_1', invoiceId: 'in_1' },
  key: ({ provider: name, invoiceId }) => `${name}/${invoiceId}`,
  ...internal,
});

export const customerReported = defineEvent({
  type: 'provider.customer_reported',
  description: 'A payment provider sent an event about a customer, not about a subscription or an invoice.',
  payload: z.object({ provider, customerId: text }),
  example: { provider: 'stripe', customerId: 'cus_1' },
  key: ({ provider: name, customerId }) => `${name}/${customerId}`,
  ...internal,
});

export const providerEventEvents = [subscriptionReported, invoiceReported, customerReported];
