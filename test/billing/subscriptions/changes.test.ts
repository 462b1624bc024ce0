import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { type Dashboard, enterCard, openDashboard } from './dashboard.support.ts';
import { advanceDays, PROVIDERS, type World } from './seats.support.ts';
import { type Billing, createBilling } from './support.ts';

const refused = { status: 409, body: { code: 'billing.not_changeable' } };

describe.each(PROVIDERS)('at %s', (provider) => {
  let dashboard: Dashboard;
  let world: World;
  let billing: Billing;
  beforeAll(async () => {
    dashboard = await openDashboard(provider);
    ({ world } = dashboard);
  });
  beforeEach(async () => {
    billing = await createBilling(world);
  });
  afterAll(() => world.close());

  const change = (body: object) => billing.send('PATCH', 'subscription', body);
  const [goodCard, failingCard] = [
    '4242424242424242',
    provider === 'stripe' ? '4000000000000341' : '4000002760003184',
  ];

  /** What was paid and what is to be paid, in cents, the newest first; nothing of invoices of nothing. */
  async function invoices(): Promise<[total: number, status: string][]> {
    await world.settle();
    const { data } = (await billing.send('GET', 'invoices?limit=100')).body;
    return (data as { total: { amountMicros: number }; status: string }[])
      .map(({ total, status }): [number, string] => [total.amountMicros / 10_000, status])
      .filter(([total]) => total !== 0);
  }
  /** An organization that pays for a plan; its trial is over. */
  async function subscribePaid(body: object) {
    const { status } = await billing.subscribe({ plan: 'enterprise', ...body });
    expect(status).toBe('active');
  }
  /** On the plan pro after its trial. */
  async function subscribePro() {
    await billing.subscribe();
    await advanceDays(world, 15);
    expect(await billing.state()).toMatchObject({ plan: 'pro', subscription: { status: 'active' } });
  }

  describe('a larger plan', () => {
    it('comes at once, and what was previewed is charged', async () => {
      await subscribePro();
      await advanceDays(world, 10);
      const preview = await billing.send('POST', 'subscription/preview', { plan: 'enterprise' });
      expect(preview).toMatchObject({ status: 200, body: { timing: 'now', dueNow: { currency: 'USD' } } });
      expect(preview.body.lines).toHaveLength(2);
      expect(await billing.plan()).toBe('pro');
      const before = await invoices();
      expect(await change({ plan: 'enterprise' })).toMatchObject({
        status: 200,
        body: { plan: 'enterprise', changesAt: null },
      });
      expect(await billing.plan()).toBe('enterprise');
      const [charged] = (await invoices()).slice(0, -before.length);
      const previewed = preview.body.dueNow.amountMicros / 10_000;
      expect(charged?.[1]).toBe('paid');
      // The clock of the stand-in moves between the two; Paddle counts by the minute.
      expect(Math.abs(charged![0] - previewed)).toBeLessThanOrEqual(2);
    });

    it('is not given when its payment fails, and the message is the card’s', async () => {
      await subscribePro();
      await enterCard(billing, failingCard);
      expect(await change({ plan: 'enterprise' })).toMatchObject({
        status: 402,
        body: { code: 'billing.payment_failed' },
      });
      await world.settle();
      expect(await billing.state()).toMatchObject({
        plan: 'pro',
        subscription: { plan: 'pro', status: 'active' },
      });
    });

    it('comes with another card right after the first one was declined, and is charged once by requests at once', async () => {
      await subscribePro();
      await enterCard(billing, failingCard);
      expect((await change({ plan: 'enterprise' })).status).toBe(402);
      await enterCard(billing, goodCard);
      const answers = await Promise.all([change({ plan: 'enterprise' }), change({ plan: 'enterprise' })]);
      expect(answers.map(({ status }) => status)).toContain(200);
      expect(await billing.plan()).toBe('enterprise');
      const paid = (await invoices()).filter(([total, status]) => status === 'paid' && total > 10_000);
      expect(paid).toHaveLength(1);
    });

    it('ends a trial when it has none itself', async () => {
      await billing.subscribe();
      expect(await change({ plan: 'enterprise' })).toMatchObject({
        status: 200,
        body: { status: 'active', plan: 'enterprise' },
      });
      // At Paddle these are two charges.
      const paid = (await invoices()).filter(([, status]) => status === 'paid');
      expect(paid.reduce((sum, [total]) => sum + total, 0)).toBe(49_900);
    });
  });

  describe('a smaller plan', () => {
    it('comes when the period that is paid ends, without a charge or a credit', async () => {
      await subscribePaid({ plan: 'enterprise' });
      const preview = await billing.send('POST', 'subscription/preview', { plan: 'pro' });
      expect(preview).toMatchObject({
        status: 200,
        body: { timing: 'period_end', dueNow: { amountMicros: 0 } },
      });
      expect(await change({ plan: 'pro' })).toMatchObject({
        status: 200,
        body: { plan: 'enterprise', nextPlan: 'pro', nextInterval: 'monthly' },
      });
      await advanceDays(world, 25);
      expect(await billing.plan()).toBe('enterprise');
      await advanceDays(world, 8);
      expect(await billing.state()).toMatchObject({
        plan: 'pro',
        subscription: { plan: 'pro', nextPlan: null, changesAt: null },
      });
      expect(await invoices()).toEqual([
        [4_900, 'paid'],
        [49_900, 'paid'],
      ]);
    });

    it('is taken back by changing to the current plan, and no other change is taken while it waits', async () => {
      await subscribePaid({});
      const waiting = await change({ plan: 'pro' });
      expect(await change({ plan: 'pro' })).toMatchObject({ status: 200, body: waiting.body });
      expect(await change({ interval: 'yearly' })).toMatchObject(refused);
      expect(await change({ plan: 'enterprise' })).toMatchObject({
        status: 200,
        body: { nextPlan: null, changesAt: null },
      });
      await advanceDays(world, 33);
      expect(await billing.plan()).toBe('enterprise');
      expect((await invoices()).map(([total]) => total)).toEqual([49_900, 49_900]);
    });
  });

  describe('another interval', () => {
    it('is charged as previewed, and the next invoice comes when the preview says', async () => {
      await subscribePro();
      await advanceDays(world, 10);
      const preview = await billing.send('POST', 'subscription/preview', { interval: 'yearly' });
      const changed = await change({ interval: 'yearly' });
      expect(changed).toMatchObject({ status: 200, body: { interval: 'yearly' } });
      const shown = Date.parse(preview.body.nextInvoiceAt) - Date.parse(changed.body.periodEndsAt);
      expect(Math.abs(shown)).toBeLessThan(60_000);
      const [charged] = await invoices();
      expect(Math.abs(charged![0] - preview.body.dueNow.amountMicros / 10_000)).toBeLessThanOrEqual(2);
    });

    it('comes at once; what is left of a year is credited on later invoices', async () => {
      await subscribePaid({ interval: 'yearly' });
      await advanceDays(world, 30);
      expect(await change({ interval: 'monthly' })).toMatchObject({
        status: 200,
        body: { interval: 'monthly' },
      });
      await advanceDays(world, 35);
      const [last] = (await billing.send('GET', 'invoices')).body.data;
      expect(last).toMatchObject({
        total: { amountMicros: 499_000_000 },
        fromBalance: { amountMicros: 499_000_000 },
        due: { amountMicros: 0 },
        status: 'paid',
      });
    });
  });

  describe('a cancellation', () => {
    it('lets the plan hold until the period ends, and can be taken back before', async () => {
      await subscribePaid({});
      expect(await billing.send('POST', 'subscription/resume')).toMatchObject({
        status: 200,
        body: { cancelsAt: null },
      });
      const cancelled = await billing.send('POST', 'subscription/cancel', {});
      expect(cancelled).toMatchObject({
        status: 200,
        body: { status: 'active', cancelsAt: cancelled.body.periodEndsAt },
      });
      expect(await change({ plan: 'pro' })).toMatchObject(refused);
      expect(await billing.send('POST', 'subscription/resume')).toMatchObject({
        status: 200,
        body: { cancelsAt: null },
      });
      await billing.send('POST', 'subscription/cancel', {});
      await advanceDays(world, 32);
      expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
      expect(await billing.send('POST', 'subscription/resume')).toMatchObject({
        status: 409,
        body: { code: 'billing.not_subscribed' },
      });
    });

    it('at once puts the organization on the free plan', async () => {
      await subscribePaid({});
      expect(await billing.send('POST', 'subscription/cancel', { at: 'now' })).toMatchObject({
        status: 200,
        body: { status: 'cancelled' },
      });
      expect(await billing.plan()).toBe('free');
      await world.settle();
      expect((await billing.events()).filter((type) => type === 'subscription.cancelled')).toHaveLength(1);
    });

    it('answers a repeated request as before, also when something else is found out at the first', async () => {
      await subscribePaid({});
      const { subscription } = await billing.stripeIds();
      await world.control('deliveries', { drop: 1 });
      await dashboard.cancelLater(subscription);
      await world.control('deliveries', {});
      const { organizationId } = billing.owner;
      const { token } = await world.app.person({ organizationId, plan: 'enterprise' });
      const request = { token, headers: { 'idempotency-key': 'one' }, body: { at: 'period_end' } };
      const cancel = () => world.app.send('POST', '/api/v1/billing/subscription/cancel', request);
      const first = await cancel();
      expect(first).toMatchObject({ status: 200, body: { status: 'active' } });
      const second = await cancel();
      expect(second).toMatchObject({ status: 200, body: first.body });
      expect(second.headers.get('idempotent-replayed')).toBe('true');
    });

    it('in a trial ends it without a charge', async () => {
      await billing.subscribe();
      await billing.send('POST', 'subscription/cancel', {});
      await advanceDays(world, 15);
      expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
      expect(await invoices()).toEqual([]);
    });
  });
});

describe('at Stripe alone', () => {
  let world: StripeWorld;
  let billing: Billing;
  beforeAll(async () => {
    world = await createStripeWorld();
  });
  beforeEach(async () => {
    billing = await createBilling(world);
  });
  afterAll(() => world.close());

  const invoices = async () => {
    const { customer } = await billing.stripeIds();
    return (await world.stripe.invoices.list({ customer })).data.map(({ total, status }) => [total, status]);
  };
  const change = (body: object) => billing.send('PATCH', 'subscription', body);

  /** An organization that pays for a plan; its trial is over. */
  async function subscribePaid(body: object) {
    await billing.subscribe({ plan: 'enterprise', ...body });
    const state = await billing.state();
    expect(state.subscription.status).toBe('active');
  }
  describe('a larger plan', () => {
    it('comes by the same request once Stripe works again', async () => {
      await billing.subscribe();
      await world.control('faults', {
        next: Array.from({ length: 9 }, () => ({ status: 500, method: 'POST' })),
      });
      expect(await change({ plan: 'enterprise' })).toMatchObject({
        status: 503,
        body: { code: 'billing.provider_unavailable' },
      });
      await world.control('faults', { next: [] });
      expect(await change({ plan: 'enterprise' })).toMatchObject({
        status: 200,
        body: { plan: 'enterprise' },
      });
      expect((await invoices()).filter(([total]) => Number(total) > 10_000)).toHaveLength(1);
    });

    it('comes with another card also when nothing was learnt of the refusal of the first one', async () => {
      await billing.subscribe();
      const { customer, subscription } = await billing.stripeIds();
      const pay = async (card: string) => {
        const { id } = await world.stripe.paymentMethods.attach(card, { customer });
        await world.stripe.subscriptions.update(subscription, { default_payment_method: id });
      };
      const request = () =>
        world.app.services.ports.payments.of('stripe').changePlan(subscription, {
          choice: { plan: 'enterprise', interval: 'monthly', planVersion: 1, seats: 0 },
          timing: 'now',
          endsTrial: true,
          key: `change/${subscription}`,
        });
      await pay('pm_card_chargeCustomerFail');
      await expect(request()).rejects.toMatchObject({ code: 'billing.payment_failed' });
      await pay('pm_card_visa');
      await request();
      await world.settle();
      expect(await billing.plan()).toBe('enterprise');
    });
  });

  describe('a cancellation', () => {
    it('that was planned for a date at Stripe itself can be taken back', async () => {
      await subscribePaid({});
      const { subscription } = await billing.stripeIds();
      const cancel_at =
        Math.floor(Date.parse((await billing.state()).subscription.periodEndsAt) / 1000) - 86_400;
      await world.stripe.subscriptions.update(subscription, { cancel_at });
      await world.settle();
      expect((await billing.state()).subscription.cancelsAt).not.toBeNull();
      const resumed = await billing.send('POST', 'subscription/resume');
      expect(resumed).toMatchObject({ status: 200, body: { status: 'active', cancelsAt: null } });
    });
  });

  describe('a pause', () => {
    it('charges nothing and puts the organization on the free plan until it ends', async () => {
      await subscribePaid({});
      expect(await billing.send('POST', 'subscription/unpause')).toMatchObject({
        status: 200,
        body: { status: 'active' },
      });
      expect(
        await billing.send('POST', 'subscription/pause', { resumesAt: '2020-01-01T00:00:00Z' }),
      ).toMatchObject(refused);
      expect(await billing.send('POST', 'subscription/pause', {})).toMatchObject({
        status: 200,
        body: { status: 'paused' },
      });
      expect(await billing.plan()).toBe('free');
      await world.advanceDays(40);
      expect((await invoices()).filter(([, status]) => status === 'paid')).toHaveLength(1);
      expect(await billing.send('POST', 'subscription/unpause')).toMatchObject({
        status: 200,
        body: { status: 'active' },
      });
      expect(await billing.plan()).toBe('enterprise');
      // The period that was begun in the pause was not charged: another one begins with its end.
      expect((await invoices()).filter(([, status]) => status === 'paid')).toHaveLength(2);
    });

    it('over a renewal gives no free period, and ends at the moment that was chosen', async () => {
      await subscribePaid({});
      await world.advanceDays(29);
      const resumesAt = new Date(world.app.clock.now() + 4 * 86_400_000).toISOString();
      expect(await billing.send('POST', 'subscription/pause', { resumesAt })).toMatchObject({
        status: 200,
        body: { status: 'paused', resumesAt },
      });
      await world.advanceDays(3);
      await advanceSubscriptions(world.app.services);
      expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'paused' } });
      await world.advanceDays(2);
      await advanceSubscriptions(world.app.services);
      expect(await billing.state()).toMatchObject({ plan: 'enterprise', subscription: { status: 'active' } });
      expect((await invoices()).filter(([, status]) => status === 'paid')).toHaveLength(2);
    });

    it('over a renewal is ended once by requests at once, and can be repeated afterwards', async () => {
      await subscribePaid({});
      await billing.send('POST', 'subscription/pause', {});
      await world.advanceDays(40);
      const unpause = () => billing.send('POST', 'subscription/unpause');
      const answers = await Promise.all([unpause(), unpause(), unpause()]);
      expect(answers.map(({ status }) => status)).toContain(200);
      expect((await invoices()).filter(([, status]) => status === 'paid')).toHaveLength(2);
      const paused = await billing.send('POST', 'subscription/pause', {});
      expect(paused).toMatchObject({ status: 200, body: { status: 'paused' } });
    });

    it('within a period continues it without a charge', async () => {
      await subscribePaid({});
      await billing.send('POST', 'subscription/pause', {});
      await world.advanceDays(3);
      expect(await billing.send('POST', 'subscription/unpause')).toMatchObject({
        body: { status: 'active' },
      });
      expect((await invoices()).filter(([, status]) => status === 'paid')).toHaveLength(1);
    });
  });

  describe('the portal', () => {
    it('opens after the first checkout', async () => {
      expect(await billing.send('POST', 'portal', {})).toMatchObject({
        status: 409,
        body: { code: 'billing.not_subscribed' },
      });
      await billing.subscribe();
      const portal = await billing.send('POST', 'portal', {});
      expect(portal).toMatchObject({ status: 200 });
      expect(await fetch(portal.body.url).then((page) => page.text())).toContain(
        'https://app.auralink.test/billing',
      );
    });
  });

  describe('somebody without a subscription', () => {
    it('cannot change, cancel, resume or pause one', async () => {
      for (const [method, path, body] of [
        ['PATCH', 'subscription', { plan: 'pro' }],
        ['POST', 'subscription/preview', { plan: 'pro' }],
        ['POST', 'subscription/cancel', {}],
        ['POST', 'subscription/resume', undefined],
        ['POST', 'subscription/pause', {}],
        ['POST', 'subscription/unpause', undefined],
      ] as const)
        expect(await billing.send(method, path, body)).toMatchObject({
          status: 409,
          body: { code: 'billing.not_subscribed' },
        });
    });
  });
});
