import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Stripe } from 'stripe';
import { reconcileCustomers } from '../../../src/billing/reconciliation/reconcile-customers.ts';
import { sweepDeliveries } from '../../../src/kernel/delivery/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { type Billing, createBilling } from './support.ts';

const ORGANIZATIONS = 10;
const ROUNDS = 100;
let world: StripeWorld;
beforeAll(async () => {
  world = await createStripeWorld();
});
afterAll(() => world.close());

const CHANGES: Stripe.SubscriptionUpdateParams[] = [
  { cancel_at_period_end: true },
  { pause_collection: { behavior: 'void' } },
  { cancel_at_period_end: false },
  { pause_collection: '' },
  {},
];

/** What Stripe has, in the words of the product. */
function stateAtStripe({
  ended_at: endedAt,
  pause_collection: pause,
  status,
  cancel_at: cancelAt,
}: Stripe.Subscription) {
  const isOver = endedAt !== null;
  const isPaused = status === 'active' && pause !== null;
  return {
    status: isOver ? 'cancelled' : isPaused ? 'paused' : status,
    isCancelling: !isOver && cancelAt !== null,
    isFree: isOver || isPaused,
  };
}

/** The Worker dies with what it is at work on: those deliveries come again when their leases have expired. */
async function dieAtWork() {
  await world.control('faults', { next: Array.from({ length: 9 }, () => ({ drop: true as const })) });
  await world.app.drain();
  await world.control('faults', { next: [] });
  await ownerSql(
    `update deliveries set status = 'running', lease_until = $1
    where type like 'provider.%' and status in ('pending', 'published')`,
    [new Date(world.app.clock.now() - 1_000).toISOString()],
  );
  world.app.clock.advanceSeconds(60);
  await sweepDeliveries(world.app.services);
}

it('after 1,000 events, a fifth lost, a fifth doubled, all shuffled, and the Worker killed in between, the state equals Stripe’s', async () => {
  const all: { billing: Billing; subscription: string }[] = [];
  for (let index = 0; index < ORGANIZATIONS; index++) {
    const billing = await createBilling(world);
    await billing.subscribe({ plan: index % 2 ? 'pro' : 'enterprise' });
    all.push({ billing, subscription: (await billing.stripeIds()).subscription });
  }
  const [{ stored: before } = { stored: 0 }] = await ownerSql(
    'select count(*)::int as stored from provider_events',
  );
  for (let round = 0; round < ROUNDS; round++) {
    await world.control('deliveries', {
      drop: 0.2,
      duplicates: round % 5 === 0 ? 1 : 0,
      shuffle: true,
      seed: round,
    });
    for (const [index, { subscription }] of all.entries())
      await world.stripe.subscriptions.update(subscription, {
        ...CHANGES[(round * 3 + index) % CHANGES.length],
        metadata: { round: String(round) },
      });
    if (round === ROUNDS - 1) await world.stripe.subscriptions.cancel(all[0]!.subscription);
    if (round % 10 === 9) await world.control('deliveries/settle');
    if (round === ROUNDS / 2) await dieAtWork();
    else if (round % 20 === 19) await world.app.drain();
  }
  await world.control('deliveries', {});
  await world.settle();
  const [{ stored: after } = { stored: 0 }] = await ownerSql(
    'select count(*)::int as stored from provider_events',
  );
  expect(Number(after) - Number(before)).toBeGreaterThan(0.7 * ORGANIZATIONS * ROUNDS);
  expect(Number(after) - Number(before)).toBeLessThan(0.9 * ORGANIZATIONS * ROUNDS);
  world.app.clock.advanceSeconds(86_401);
  await reconcileCustomers(world.app.services);
  for (const { billing, subscription } of all) {
    const { status, isCancelling, isFree } = stateAtStripe(
      await world.stripe.subscriptions.retrieve(subscription),
    );
    const state = await billing.state();
    expect(state.subscription.status).toBe(status);
    expect(state.subscription.cancelsAt !== null).toBe(isCancelling);
    expect(state.plan).toBe(isFree ? 'free' : state.subscription.plan);
  }
});
