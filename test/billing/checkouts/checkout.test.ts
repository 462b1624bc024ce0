import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';
import { withPendingPayments } from '../../support/payments/pending.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { type Billing, createBilling } from '../subscriptions/support.ts';

let world: StripeWorld;
let billing: Billing;
let arePaymentsPending = false;
/** Waited for before each request for a checkout. */
let beforeCheckout = async () => {};
beforeAll(async () => {
  const pending = withPendingPayments(() => arePaymentsPending);
  world = await createStripeWorld({}, async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input.toString());
    if (pathname === '/v1/checkout/sessions') await beforeCheckout();
    return pending(input, init);
  });
});
/** Waits until as many wait. */
function together(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    if (++waiting === count) resolve();
    return promise;
  };
}
beforeEach(async () => {
  beforeCheckout = async () => {};
  billing = await createBilling(world);
});
afterAll(() => world.close());

describe('a checkout', () => {
  it('puts the organization on the plan when it is completed, with a trial at the first subscription', async () => {
    expect(await billing.state()).toMatchObject({
      paymentsAvailable: true,
      plan: 'free',
      trialDays: { pro: 14, enterprise: 0 },
      subscription: null,
    });
    const started = await billing.startCheckout();
    expect(started).toMatchObject({ status: 201, body: { trialDays: 14 } });
    expect(await billing.plan()).toBe('free');
    await world.completeCheckout(started.body.url);
    expect(await billing.state()).toMatchObject({
      plan: 'pro',
      trialDays: { pro: 0, enterprise: 0 },
      subscription: {
        status: 'trialing',
        plan: 'pro',
        planVersion: 1,
        interval: 'monthly',
        provider: 'stripe',
      },
    });
    expect(await billing.events()).toEqual(['subscription.created', 'organization.plan_changed']);
  });

  it('of a year charges ten months', async () => {
    const subscription = await billing.subscribe({ plan: 'enterprise', interval: 'yearly' });
    expect(subscription).toMatchObject({ status: 'active', plan: 'enterprise', interval: 'yearly' });
    const { customer } = await billing.stripeIds();
    const { data } = await world.stripe.invoices.list({ customer });
    expect(data.map(({ total, status }) => [total, status])).toEqual([[499_000, 'paid']]);
  });

  it('gives no trial once the organization had a subscription', async () => {
    await billing.subscribe();
    const { subscription } = await billing.stripeIds();
    await world.stripe.subscriptions.cancel(subscription);
    await world.settle();
    expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
    expect(await billing.startCheckout()).toMatchObject({ status: 201, body: { trialDays: 0 } });
  });

  it('is refused while a subscription lasts, and not because a report of its end was missed', async () => {
    await billing.subscribe();
    expect(await billing.startCheckout()).toMatchObject({
      status: 409,
      body: { code: 'billing.already_subscribed' },
    });
    const { subscription } = await billing.stripeIds();
    await world.control('deliveries', { drop: 1 });
    await world.stripe.subscriptions.cancel(subscription);
    await world.control('deliveries', {});
    await world.settle();
    expect(await billing.plan()).toBe('pro');
    // The end that is found only now changes the plan, so that the token does not state it any more.
    expect(await billing.startCheckout()).toMatchObject({
      status: 401,
      body: { code: 'auth.outdated_token' },
    });
    expect(await billing.plan()).toBe('free');
    expect(await billing.startCheckout()).toMatchObject({ status: 201 });
  });

  it('ends the checkout that was started before, so that only one can be completed', async () => {
    const first = await billing.startCheckout();
    const second = await billing.startCheckout({ interval: 'yearly' });
    await expect(world.completeCheckout(first.body.url)).rejects.toThrow('expired');
    await world.completeCheckout(second.body.url);
    expect(await billing.state()).toMatchObject({ subscription: { interval: 'yearly' } });
  });

  it('of two at the same moment leaves one that can be completed, and one customer', async () => {
    const answers = await Promise.all([
      billing.startCheckout(),
      billing.startCheckout({ interval: 'yearly' }),
    ]);
    const open = answers.filter(({ status }) => status === 201);
    expect(open.length).toBeGreaterThan(0);
    const { customer } = await billing.stripeIds();
    const { data } = await world.stripe.checkout.sessions.list({ customer, status: 'open' });
    expect(data).toHaveLength(1);
    const customers = await world.stripe.customers.list({ limit: 100 });
    const own = customers.data.filter(
      ({ metadata }) => metadata.auralink_organization === billing.owner.organizationId,
    );
    expect(own.map(({ id }) => id)).toEqual([customer]);
  });

  it('of the same plan that is started twice at the same moment is one, and can be completed', async () => {
    beforeCheckout = together(2);
    const answers = await Promise.all([billing.startCheckout(), billing.startCheckout()]);
    const [first, second] = answers.map(({ status, body }) => ({ status, url: body.url }));
    expect(first).toMatchObject({ status: 201 });
    expect(second).toEqual(first);
    await world.completeCheckout(first!.url);
    expect(await billing.plan()).toBe('pro');
  });

  it('starts although the provider does not know the one that was started before', async () => {
    await billing.startCheckout();
    await ownerSql(`update billing_customers set checkout_id = 'cs_test_gone' where organization_id = $1`, [
      billing.owner.organizationId,
    ]);
    expect(await billing.startCheckout()).toMatchObject({ status: 201 });
  });

  /** As two checkouts that are completed at once. @returns the id of the second subscription */
  async function subscribeAgain(): Promise<string> {
    const { customer } = await billing.stripeIds();
    const method = await world.stripe.paymentMethods.attach('pm_card_visa', { customer });
    const prices = await world.stripe.prices.list({ lookup_keys: ['auralink_pro_monthly_v1'] });
    const surplus = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: prices.data[0]!.id }],
      default_payment_method: method.id,
    });
    await world.settle();
    return surplus.id;
  }
  const refundsOf = async () => {
    const { customer } = await billing.stripeIds();
    const { data } = await world.stripe.refunds.list({ limit: 100 });
    return data.filter((each) => (each as { customer?: string }).customer === customer);
  };

  it('that is completed although a subscription lasts is paid back also when the payment takes days', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    arePaymentsPending = true;
    const surplus = await subscribeAgain();
    expect(await world.stripe.subscriptions.retrieve(surplus)).toMatchObject({ status: 'canceled' });
    await world.advanceDays(2);
    await advanceSubscriptions(world.app.services);
    expect(await refundsOf()).toEqual([]);
    arePaymentsPending = false;
    await world.advanceDays(2);
    await advanceSubscriptions(world.app.services);
    await advanceSubscriptions(world.app.services);
    expect(await refundsOf()).toMatchObject([{ amount: 4_900 }]);
    expect(await billing.state()).toMatchObject({ subscription: { status: 'active', plan: 'enterprise' } });
  });

  it('that is completed although a subscription lasts is cancelled and paid back', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { subscription } = await billing.stripeIds();
    const surplus = { id: await subscribeAgain() };
    expect(await world.stripe.subscriptions.retrieve(surplus.id)).toMatchObject({ status: 'canceled' });
    expect((await world.stripe.refunds.list({ limit: 1 })).data).toMatchObject([{ amount: 4_900 }]);
    expect(await billing.plan()).toBe('enterprise');
    expect(await billing.state()).toMatchObject({ subscription: { status: 'active', plan: 'enterprise' } });
    expect(await world.stripe.subscriptions.retrieve(subscription)).toMatchObject({ status: 'active' });
  });

  it('of something else at the same customer is left alone', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { customer } = await billing.stripeIds();
    const method = await world.stripe.paymentMethods.attach('pm_card_visa', { customer });
    const product = await world.stripe.products.create({ name: 'Training' });
    const price = await world.stripe.prices.create({
      currency: 'usd',
      product: product.id,
      unit_amount: 20_000,
      recurring: { interval: 'month' },
    });
    const other = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: price.id }],
      default_payment_method: method.id,
    });
    await world.settle();
    expect(await world.stripe.subscriptions.retrieve(other.id)).toMatchObject({ status: 'active' });
    expect(await billing.plan()).toBe('enterprise');
  });

  it('leads back only to pages of the web app', async () => {
    expect(
      await billing.startCheckout({ returnUrl: 'https://app.auralink.test/settings?tab=billing' }),
    ).toMatchObject({
      status: 201,
    });
    for (const returnUrl of [
      'https://evil.test/',
      'https://app.auralink.test.evil.test/',
      'http://app.auralink.test/',
    ])
      expect(await billing.startCheckout({ returnUrl })).toMatchObject({
        status: 422,
        body: { code: 'billing.return_url_not_allowed' },
      });
  });

  it('takes a promotion code, and refuses one that there is not', async () => {
    await world.stripe.coupons.create({ id: `half-${world.app.clock.now()}`, percent_off: 50 });
    await world.stripe.promotionCodes.create({
      code: 'HALF',
      promotion: { type: 'coupon', coupon: `half-${world.app.clock.now()}` },
    });
    expect(await billing.startCheckout({ promotionCode: 'NONE' })).toMatchObject({
      status: 422,
      body: { code: 'billing.promotion_code_invalid' },
    });
    await billing.subscribe({ plan: 'enterprise', promotionCode: 'HALF' });
    const { customer } = await billing.stripeIds();
    const { data } = await world.stripe.invoices.list({ customer });
    expect(data[0]).toMatchObject({ subtotal: 49_900, total: 24_950 });
  });

  it("charges the tax of the customer's country, and asks for a tax id", async () => {
    await billing.subscribe({ plan: 'enterprise' }, { country: 'DE' });
    const { customer } = await billing.stripeIds();
    const sessions = await world.stripe.checkout.sessions.list({ customer });
    expect(sessions.data).toMatchObject([{ tax_id_collection: { enabled: true } }]);
    const { data } = await world.stripe.invoices.list({ customer });
    expect(data[0]).toMatchObject({ subtotal: 49_900, total: 59_381 });
  });

  it('needs the permission to write', async () => {
    const { organizationId } = billing.owner;
    const admin = await world.app.person({ role: 'admin', organizationId });
    const body = { plan: 'pro', interval: 'monthly' };
    const answer = await world.app.send('POST', '/api/v1/billing/checkout', { token: admin.token, body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });

  it('is the same for a repeated request with the same idempotency key', async () => {
    const { token } = billing.owner;
    const request = {
      token,
      headers: { 'idempotency-key': 'one' },
      body: { plan: 'pro', interval: 'monthly' },
    };
    const first = await world.app.send('POST', '/api/v1/billing/checkout', request);
    const second = await world.app.send('POST', '/api/v1/billing/checkout', request);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('without a payment provider', () => {
  it('there is only the free plan, and every operation says so', async () => {
    const app = createTestApp();
    const { token } = await app.person();
    expect(await app.send('GET', '/api/v1/billing/subscription', { token })).toMatchObject({
      status: 200,
      body: { paymentsAvailable: false, plan: 'free', subscription: null },
    });
    const body = { plan: 'pro', interval: 'monthly' };
    for (const answer of [
      await app.send('POST', '/api/v1/billing/checkout', { token, body }),
      await app.send('POST', '/webhooks/stripe', { raw: '{}' }),
    ])
      expect(answer).toMatchObject({ status: 503, body: { code: 'billing.not_configured' } });
  });
});

describe('what Stripe reports', () => {
  it('is refused when another secret has signed it, and stored once', async () => {
    // A whole event of Stripe, so that nothing but the signature can be the reason.
    const forged = JSON.stringify({
      id: 'evt_forged',
      object: 'event',
      type: 'customer.updated',
      created: Math.floor(Date.now() / 1000),
      data: { object: { id: 'cus_forged', object: 'customer' } },
    });
    for (const signature of ['', 't=1,v1=00', `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`])
      expect(
        await world.app.send('POST', '/webhooks/stripe', {
          raw: forged,
          headers: { 'stripe-signature': signature },
        }),
      ).toMatchObject({ status: 401, body: { code: 'billing.bad_signature' } });
    expect(await ownerSql(`select id from provider_events where id = 'evt_forged'`)).toEqual([]);
    await world.control('deliveries', { duplicates: 2 });
    await billing.subscribe();
    await world.control('deliveries', {});
    const { customer } = await billing.stripeIds();
    const [row] = await ownerSql(
      'select count(*)::int as stored, count(distinct id)::int as distinct from provider_events where customer_id = $1',
      [customer],
    );
    expect(row).toMatchObject({ stored: row?.distinct });
    expect(await billing.events()).toEqual(['subscription.created', 'organization.plan_changed']);
  });
});
