import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { type Billing, createBilling } from './support.ts';

let world: StripeWorld;
let billing: Billing;
beforeAll(async () => {
  world = await createStripeWorld();
});
beforeEach(async () => {
  billing = await createBilling(world);
});
afterAll(() => world.close());

async function advance(days: number) {
  for (let day = 0; day < days; day++) {
    await world.advanceDays(1);
    await advanceSubscriptions(world.app.services);
    await world.app.drain();
  }
}
/** Days on which nothing happens, at once. */
async function leap(days: number) {
  await world.control('clock', { advanceSeconds: days * 86_400 });
  world.app.clock.advanceSeconds(days * 86_400);
  await world.settle();
}
const status = async () => (await billing.state()).subscription.status;
const countOf = async (type: string) => (await billing.events()).filter((each) => each === type).length;

const lastSubject = () => world.app.mailbox.latestTo(billing.owner.email).subject;

async function useCard(card: string) {
  const { customer, subscription } = await billing.stripeIds();
  const { id } = await world.stripe.paymentMethods.attach(card, { customer });
  await world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  await world.stripe.subscriptions.update(subscription, { default_payment_method: id });
}
/** A subscription whose renewal fails. */
async function fail(afterRetries: 'cancel' | 'unpaid' | 'past_due') {
  await world.control('settings', { retryAfterDays: [3, 5, 7], afterRetries });
  await billing.subscribe({ plan: 'enterprise' });
  await useCard('pm_card_chargeCustomerFail');
  await leap(28);
  await advance(4);
  expect(await status()).toBe('past_due');
}

describe('a failed payment', () => {
  it('leaves the plan for a grace of 14 days, then restricts to the free plan', async () => {
    await fail('past_due');
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
    await fail('past_due');
    expect(await billing.send('PATCH', 'subscription', { plan: 'pro' })).toMatchObject({
      status: 409,
      body: { code: 'billing.not_changeable' },
    });
  });

  it('that is made in the end gives the plan back', async () => {
    await fail('past_due');
    await advance(15);
    expect(await status()).toBe('restricted');
    await useCard('pm_card_visa');
    const { subscription } = await billing.stripeIds();
    const { data } = await world.stripe.invoices.list({ subscription, status: 'open' });
    for (const { id } of data) await world.stripe.invoices.pay(id);
    await world.settle();
    expect(await billing.state()).toMatchObject({
      plan: 'enterprise',
      subscription: { status: 'active', graceEndsAt: null },
    });
    expect(await countOf('subscription.recovered')).toBe(1);
    expect(lastSubject()).toContain('The payment of Test was made');
  });

  it('cancels the subscription when the provider has tried for the last time', async () => {
    await fail('cancel');
    await advance(16);
    expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
    expect(await countOf('subscription.cancelled')).toBe(1);
    expect(lastSubject()).toContain('The subscription of Test has ended');
  });

  it('cancels a subscription that has been restricted for 30 days', async () => {
    await fail('past_due');
    await advance(47);
    expect(await status()).toBe('cancelled');
    const { subscription } = await billing.stripeIds();
    expect(await world.stripe.subscriptions.retrieve(subscription)).toMatchObject({ status: 'canceled' });
  });

  it('restricts at once when the provider gives up before the grace ends', async () => {
    await world.control('settings', { retryAfterDays: [1], afterRetries: 'unpaid' });
    await billing.subscribe({ plan: 'enterprise' });
    await useCard('pm_card_chargeCustomerFail');
    await leap(28);
    await advance(6);
    expect(await status()).toBe('restricted');
    expect(await billing.plan()).toBe('free');
  });
});

describe('the sweep', () => {
  it('changes nothing while the provider does not answer', async () => {
    await fail('past_due');
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
    expect(await world.stripe.subscriptions.retrieve(subscription)).toMatchObject({ status: 'canceled' });
    expect(await billing.plan()).toBe('free');
  });

  it('has no checkout that can be completed any more', async () => {
    const started = await billing.startCheckout();
    const { organizationId } = billing.owner;
    const { token } = await world.app.person({ organizationId });
    await world.app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token });
    await world.settle();
    await expect(world.completeCheckout(started.body.url)).rejects.toThrow('expired');
  });
});

describe('a customer that was deleted at Stripe', () => {
  it('has no subscription any more, and the next checkout makes another customer', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { customer } = await billing.stripeIds();
    await world.stripe.customers.del(customer);
    await world.settle();
    expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
    await billing.subscribe({ plan: 'enterprise' });
    expect(await billing.plan()).toBe('enterprise');
    expect((await billing.stripeIds()).customer).not.toBe(customer);
  });
});
