import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { createStripeWorld } from '../../support/payments/stripe.ts';
import { type Dashboard, type LastFailure, openDashboard } from './dashboard.support.ts';
import { advanceDays, PROVIDERS, subscribeWithFailingCard, type World } from './seats.support.ts';
import { type Billing, createBilling } from './support.ts';

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

  async function advance(days: number) {
    for (let day = 0; day < days; day++) {
      await advanceDays(world, 1);
      await advanceSubscriptions(world.app.services);
      await world.app.drain();
    }
  }
  const status = async () => (await billing.state()).subscription.status;
  const countOf = async (type: string) => (await billing.events()).filter((each) => each === type).length;
  const lastSubject = () => world.app.mailbox.latestTo(billing.owner.email).subject;

  /** A subscription whose renewal fails. */
  async function fail(what: LastFailure, retryAfterDays?: number[]) {
    await dashboard.onLastFailure(what, retryAfterDays);
    await subscribeWithFailingCard(world, billing, { plan: 'enterprise' });
    expect(await status()).toBe('active');
    await advanceDays(world, 28);
    for (let day = 0; day < 4 && (await status()) === 'active'; day++) await advance(1);
    expect(await status()).toBe('past_due');
  }

  describe('a failed payment', () => {
    it('leaves the plan for a grace of 14 days, then restricts to the free plan', async () => {
      await fail('waits');
      expect(await billing.plan()).toBe('enterprise');
      await advance(12);
      expect(await billing.plan()).toBe('enterprise');
      expect(await countOf('subscription.grace_ending')).toBe(1);
      await advance(3);
      expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'restricted' } });
      expect(await countOf('subscription.restricted')).toBe(1);
      expect(await countOf('subscription.past_due')).toBe(1);
      const mails = world.app.mailbox.mails.filter(({ to }) => to === billing.owner.email);
      expect(mails.map(({ subject }) => subject)).toEqual([
        expect.stringContaining('A payment of Test failed'),
        expect.stringContaining('The plan of Test ends on'),
        expect.stringContaining('Test is on the free plan'),
      ]);
    });

    it('takes no change of plan before it is made', async () => {
      await fail('waits');
      expect(await billing.send('PATCH', 'subscription', { plan: 'pro' })).toMatchObject({
        status: 409,
        body: { code: 'billing.not_changeable' },
      });
    });

    it('that is made in the end gives the plan back', async () => {
      await fail('waits');
      await advance(15);
      expect(await status()).toBe('restricted');
      await dashboard.payOverdue(billing);
      await world.settle();
      expect(await billing.state()).toMatchObject({
        plan: 'enterprise',
        subscription: { status: 'active', graceEndsAt: null },
      });
      expect(await countOf('subscription.recovered')).toBe(1);
      expect(lastSubject()).toContain('The payment of Test was made');
    });

    it('cancels the subscription when the provider has tried for the last time', async () => {
      await fail('cancels');
      await advanceDays(world, 16);
      expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
      expect(await countOf('subscription.cancelled')).toBe(1);
      expect(lastSubject()).toContain('The subscription of Test has ended');
    });

    it('cancels a subscription that has been restricted for 30 days', async () => {
      await fail('waits');
      await advance(15);
      expect(await status()).toBe('restricted');
      await advanceDays(world, 30);
      await advance(1);
      expect(await status()).toBe('cancelled');
      const { subscription } = await billing.stripeIds();
      expect(await dashboard.hasEnded(subscription)).toBe(true);
    });

    it('takes the plan at once when the provider gives up before the grace ends', async () => {
      await fail('keeps', [1]);
      await advance(2);
      // Paddle pauses what it cannot collect.
      expect(await status()).toBe(provider === 'stripe' ? 'restricted' : 'paused');
      expect(await billing.plan()).toBe('free');
    });
  });

  describe('the sweep', () => {
    it('changes nothing while the provider does not answer', async () => {
      await fail('waits');
      await advance(12);
      world.app.clock.advanceSeconds(3 * 86_400);
      await world.control('faults', { next: Array.from({ length: 3 }, () => ({ status: 503 })) });
      await advanceSubscriptions(world.app.services);
      expect(await status()).toBe('past_due');
      await world.control('faults', { next: [] });
      await advanceSubscriptions(world.app.services);
      expect(await status()).toBe('restricted');
      await world.control('clock', { advanceSeconds: 3 * 86_400 }); // Both clocks show the same again.
    });

    it('reminds once of a trial that ends within three days, with what it costs then', async () => {
      await billing.subscribe({ seats: 2 });
      await advance(10);
      expect(await countOf('subscription.trial_ending')).toBe(0);
      await advance(3);
      expect(await countOf('subscription.trial_ending')).toBe(1);
      const { text } = world.app.mailbox.latestTo(billing.owner.email);
      expect(text).toContain('with 2 seats');
      expect(text).toContain('the first payment is made then: 59 USD, if nothing changes before.');
      await advance(3);
      expect(await countOf('subscription.trial_ending')).toBe(1);
      expect(await status()).toBe('active');
    });
  });

  describe('a deleted organization', () => {
    it('pays nothing more, and reopening it brings no subscription back', async () => {
      await billing.subscribe({ plan: 'enterprise' });
      const { organizationId } = billing.owner;
      const { subscription } = await billing.stripeIds();
      const { token } = await world.app.person({ organizationId, plan: 'enterprise' });
      expect(
        await world.app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token }),
      ).toMatchObject({
        status: 204,
      });
      await world.settle();
      expect(await dashboard.hasEnded(subscription)).toBe(true);
      expect(await billing.plan()).toBe('free');
    });

    it('has no checkout that can be completed any more', async () => {
      const started = await billing.startCheckout();
      const { organizationId } = billing.owner;
      const { token } = await world.app.person({ organizationId });
      await world.app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token });
      await world.settle();
      await expect(world.completeCheckout(started.body.url)).rejects.toThrow(
        provider === 'stripe' ? 'expired' : 'canceled',
      );
    });
  });
});

describe('a customer that was deleted at Stripe', () => {
  it('has no subscription any more, and the next checkout makes another customer', async () => {
    const world = await createStripeWorld();
    const billing = await createBilling(world);
    await billing.subscribe({ plan: 'enterprise' });
    const { customer } = await billing.stripeIds();
    await world.stripe.customers.del(customer);
    await world.settle();
    expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
    await billing.subscribe({ plan: 'enterprise' });
    expect(await billing.plan()).toBe('enterprise');
    expect((await billing.stripeIds()).customer).not.toBe(customer);
    await world.close();
  });
});
