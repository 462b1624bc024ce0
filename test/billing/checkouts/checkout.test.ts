import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';
import { withPendingPayments } from '../../support/payments/pending.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { type Dashboard, openDashboard } from '../subscriptions/dashboard.support.ts';
import { advanceDays, paidCents, PROVIDERS, type World } from '../subscriptions/seats.support.ts';
import { type Billing, createBilling } from '../subscriptions/support.ts';

/** Waits until as many wait. */
function together(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    if (++waiting === count) resolve();
    return promise;
  };
}

describe.each(PROVIDERS)('a checkout at %s', (provider) => {
  let dashboard: Dashboard;
  let world: World;
  let billing: Billing;
  let arePaymentsPending = false;
  /** Waited for before each request for a checkout. */
  let beforeCheckout = async () => {};
  beforeAll(async () => {
    const pending = withPendingPayments(() => arePaymentsPending);
    const path = provider === 'stripe' ? '/v1/checkout/sessions' : '/transactions';
    dashboard = await openDashboard(provider, async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input.toString());
      if (pathname === path && init?.method === 'POST') await beforeCheckout();
      return pending(input, init);
    });
    ({ world } = dashboard);
  });
  beforeEach(async () => {
    beforeCheckout = async () => {};
    billing = await createBilling(world);
  });
  afterAll(() => world.close());

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
        provider,
      },
    });
    expect(await billing.events()).toEqual(['subscription.created', 'organization.plan_changed']);
  });

  it('of a year charges ten months', async () => {
    const subscription = await billing.subscribe({ plan: 'enterprise', interval: 'yearly' });
    expect(subscription).toMatchObject({ status: 'active', plan: 'enterprise', interval: 'yearly' });
    expect(await paidCents(world, billing)).toEqual([499_000]);
  });

  it('gives no trial once the organization had a subscription', async () => {
    await billing.subscribe();
    const { subscription } = await billing.stripeIds();
    await dashboard.cancelNow(subscription);
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
    await dashboard.cancelNow(subscription);
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
    await expect(world.completeCheckout(first.body.url)).rejects.toThrow(
      provider === 'stripe' ? 'expired' : 'canceled',
    );
    await world.completeCheckout(second.body.url);
    expect(await billing.state()).toMatchObject({ subscription: { interval: 'yearly' } });
  });

  it('of the same plan that is started twice at the same moment is one, and can be completed', async () => {
    beforeCheckout = together(2);
    const answers = await Promise.all([billing.startCheckout(), billing.startCheckout()]);
    const begun = answers.filter(({ status }) => status === 201).map(({ body }) => body.url as string);
    expect(new Set(begun).size).toBe(1);
    // Without idempotency keys Paddle begins two, of which one is ended at once.
    const refused = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code as string);
    expect(refused).toEqual(provider === 'stripe' ? [] : ['billing.checkout_conflict']);
    await world.completeCheckout(begun[0]!);
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
    const surplus = await dashboard.subscribeAgain((await billing.stripeIds()).customer);
    await world.settle();
    return surplus;
  }
  const refunds = async () => dashboard.refunds((await billing.stripeIds()).customer);

  it('that is completed although a subscription lasts is paid back also when the payment takes days', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    arePaymentsPending = true;
    const surplus = await subscribeAgain();
    expect(await dashboard.hasEnded(surplus)).toBe(true);
    await advanceDays(world, 2);
    await advanceSubscriptions(world.app.services);
    expect(await refunds()).toEqual([]);
    arePaymentsPending = false;
    await advanceDays(world, 2);
    await advanceSubscriptions(world.app.services);
    await advanceSubscriptions(world.app.services);
    expect(await refunds()).toEqual([4_900]);
    expect(await billing.state()).toMatchObject({ subscription: { status: 'active', plan: 'enterprise' } });
  });

  it('that is completed although a subscription lasts is cancelled and paid back', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { subscription } = await billing.stripeIds();
    expect(await dashboard.hasEnded(await subscribeAgain())).toBe(true);
    expect(await refunds()).toEqual([4_900]);
    expect(await billing.plan()).toBe('enterprise');
    expect(await billing.state()).toMatchObject({ subscription: { status: 'active', plan: 'enterprise' } });
    expect(await dashboard.hasEnded(subscription)).toBe(false);
  });

  it('of something else at the same customer is left alone', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const other = await dashboard.subscribeToOther((await billing.stripeIds()).customer);
    await world.settle();
    expect(await dashboard.hasEnded(other)).toBe(false);
    expect(await billing.plan()).toBe('enterprise');
  });

  it('takes a promotion code, and refuses one that there is not', async () => {
    await dashboard.createCode('HALF');
    expect(await billing.startCheckout({ promotionCode: 'NONE' })).toMatchObject({
      status: 422,
      body: { code: 'billing.promotion_code_invalid' },
    });
    await billing.subscribe({ plan: 'enterprise', promotionCode: 'HALF' });
    expect(await paidCents(world, billing)).toEqual([24_950]);
  });

  it("charges the tax of the customer's country", async () => {
    await billing.subscribe({ plan: 'enterprise' }, { country: 'DE' });
    expect(await paidCents(world, billing)).toEqual([59_381]);
  });
});

describe('a checkout', () => {
  let world: StripeWorld;
  let billing: Billing;
  beforeAll(async () => {
    world = await createStripeWorld();
  });
  beforeEach(async () => {
    billing = await createBilling(world);
  });
  afterAll(() => world.close());

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

  it('is reported with a signature, and a report is stored once', async () => {
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
