import { expect } from 'vitest';
import type { PaymentProvider } from '../../../src/billing/providers/index.ts';
import type { Person } from '../../support/app.ts';
import { signStripeEvent } from '../../support/payments/stripe.ts';
import { ownerSql } from '../sql.ts';
import type { CallOptions, World } from './world.ts';

interface Subscriber {
  organizationId: string;
  provider: PaymentProvider;
  customerId: string;
  subscriptionId: string;
}

/** What Stripe sends about an object, and what follows from it. */
async function reportObject(
  { app }: World,
  object: { id: string; object: string; customer: string },
): Promise<void> {
  const raw = JSON.stringify({
    id: crypto.randomUUID(),
    object: 'event',
    type: 'x',
    created: 1,
    data: { object },
  });
  const answer = await app.send('POST', '/webhooks/stripe', { raw, headers: signStripeEvent(raw) });
  expect(answer).toMatchObject({ status: 204 });
  await app.drain();
}

/** An organization that has paid for the plan enterprise, which has no trial. */
async function subscribe(world: World): Promise<Subscriber> {
  const { app } = world;
  const { token, organizationId } = await app.person();
  const started = await app.send('POST', '/api/v1/billing/checkout', {
    token,
    body: { plan: 'enterprise', interval: 'monthly' },
  });
  expect(started).toMatchObject({ status: 201 });
  const card = {
    number: '4242424242424242',
    month: '12',
    year: '2050',
    country: '',
    name: '',
    email: '',
    code: '',
  };
  const body = new URLSearchParams(card);
  expect(await fetch(started.body.url, { method: 'POST', body, redirect: 'manual' })).toMatchObject({
    status: 303,
  });
  const [row] = await ownerSql<{ customer_id: string }>(
    'select customer_id from billing_customers where organization_id = $1',
    [organizationId],
  );
  const customerId = row!.customer_id;
  const provider = app.services.ports.payments.of('stripe');
  const [subscription] = await provider.listSubscriptions(customerId);
  const subscriptionId = subscription!.id;
  await reportObject(world, { id: subscriptionId, object: 'subscription', customer: customerId });
  const [invoice] = await provider.listInvoices(customerId, 0);
  await reportObject(world, { id: invoice!, object: 'invoice', customer: customerId });
  return { organizationId, provider, customerId, subscriptionId };
}

const payer = ({ app }: World, { organizationId }: Subscriber): Promise<Person> =>
  app.person({ organizationId, plan: 'enterprise' });

/** What the routes of invoices, payment methods and limits need to be called with success, by their operationId. */
export const billingPreparations: Record<string, (world: World) => Promise<CallOptions>> = {
  getUpcomingInvoice: async (world) => ({ token: (await payer(world, await subscribe(world))).token }),
  setSpendingLimit: async (world) => ({ token: (await payer(world, await subscribe(world))).token }),
  creditInvoice: async (world) => {
    const { organizationId } = await subscribe(world);
    const [row] = await ownerSql<{ id: string }>('select id from invoices where organization_id = $1', [
      organizationId,
    ]);
    return { params: { organizationId, invoiceId: row!.id } };
  },
  setDefaultPaymentMethod: async (world) => {
    const subscriber = await subscribe(world);
    const [method] = await subscriber.provider.listPaymentMethods(subscriber.customerId);
    return { token: (await payer(world, subscriber)).token, body: { paymentMethodId: method!.id } };
  },
  removePaymentMethod: async (world) => {
    const { organizationId, provider, customerId, subscriptionId } = await subscribe(world);
    await provider.cancel(subscriptionId, { at: 'now', key: crypto.randomUUID() });
    await reportObject(world, { id: subscriptionId, object: 'subscription', customer: customerId });
    const [method] = await provider.listPaymentMethods(customerId);
    const { token } = await world.app.person({ organizationId });
    return { token, params: { paymentMethod: method!.id } };
  },
};
