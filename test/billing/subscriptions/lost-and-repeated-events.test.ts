import { expect, it } from 'vitest';
import type { Stripe } from 'stripe';
import { reconcileCustomers } from '../../../src/billing/reconciliation/reconcile-customers.ts';
import { sweepDeliveries } from '../../../src/kernel/delivery/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createPaddleWorld } from '../../support/payments/paddle.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { membersOf, type World } from './seats.support.ts';
import { type Billing, createBilling } from './support.ts';

const ORGANIZATIONS = 10;
const ROUNDS = 100;
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
async function dieAtWork(world: World, requests: number) {
  await world.control('faults', { next: Array.from({ length: requests }, () => ({ drop: true as const })) });
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

/** A fifth is lost, every fifth comes twice, and all of them in another order. */
const trouble = (round: number) => ({
  drop: 0.2,
  duplicates: round % 5 === 0 ? 1 : 0,
  shuffle: true,
  seed: round,
});

/** The members that a subscription gives. */
const includedMembers = (isFree: boolean, plan: string, seats: number) =>
  isFree ? 10 : (plan === 'pro' ? 100 : 5_000) + seats;

/** The quantity of the item of seats, changed in Stripe's dashboard, in some rounds. */
async function changedSeats(world: StripeWorld, subscription: string, round: number, index: number) {
  if ((round + index) % 9 !== 0) return {};
  const { items } = await world.stripe.subscriptions.retrieve(subscription);
  const item = items.data.find(({ price }) => price.lookup_key?.startsWith('auralink_seat_'))!;
  return { items: [{ id: item.id, quantity: 1 + ((round * 7 + index) % 20) }] };
}

it('after 1,000 events, a fifth lost, a fifth doubled, all shuffled, and the Worker killed in between, the state equals Stripe’s', async () => {
  const world = await createStripeWorld();
  const all: { billing: Billing; subscription: string }[] = [];
  for (let index = 0; index < ORGANIZATIONS; index++) {
    const billing = await createBilling(world);
    await billing.subscribe({ plan: index % 2 ? 'pro' : 'enterprise', seats: index + 1 });
    all.push({ billing, subscription: (await billing.stripeIds()).subscription });
  }
  const [{ stored: before } = { stored: 0 }] = await ownerSql(
    'select count(*)::int as stored from provider_events',
  );
  for (let round = 0; round < ROUNDS; round++) {
    await world.control('deliveries', trouble(round));
    for (const [index, { subscription }] of all.entries())
      await world.stripe.subscriptions.update(subscription, {
        ...CHANGES[(round * 3 + index) % CHANGES.length],
        ...(await changedSeats(world, subscription, round, index)),
        proration_behavior: 'none',
        metadata: { round: String(round) },
      });
    if (round === ROUNDS - 1) await world.stripe.subscriptions.cancel(all[0]!.subscription);
    if (round % 10 === 9) await world.control('deliveries/settle');
    if (round === ROUNDS / 2) await dieAtWork(world, 9);
    else if (round % 20 === 19) await world.app.drain();
  }
  await world.control('deliveries', {});
  await world.settle();
  const [{ stored: after } = { stored: 0 }] = await ownerSql(
    'select count(*)::int as stored from provider_events',
  );
  expect(Number(after) - Number(before)).toBeGreaterThan(0.7 * ORGANIZATIONS * ROUNDS);
  // Each change makes at least one event: with fewer than changes, many were lost.
  expect(Number(after) - Number(before)).toBeLessThan(ORGANIZATIONS * ROUNDS);
  world.app.clock.advanceSeconds(86_401);
  await reconcileCustomers(world.app.services);
  for (const { billing, subscription } of all) {
    const truth = await world.stripe.subscriptions.retrieve(subscription);
    const { status, isCancelling, isFree } = stateAtStripe(truth);
    const seats = truth.items.data.find(({ price }) => price.lookup_key?.startsWith('auralink_seat_'))!;
    const state = await billing.state();
    expect(state.subscription.status).toBe(status);
    expect(state.subscription.cancelsAt !== null).toBe(isCancelling);
    expect(state.plan).toBe(isFree ? 'free' : state.subscription.plan);
    expect(state.subscription.seats).toBe(seats.quantity);
    const members = includedMembers(isFree, state.subscription.plan, state.subscription.seats);
    expect((await membersOf(billing)).value).toBe(members);
  }
  await world.close();
});

it('after 200 changes at Paddle, whose events are lost, doubled and shuffled, and the Worker killed in between, the state equals Paddle’s', async () => {
  const world = await createPaddleWorld();
  const provider = world.app.services.ports.payments.of('paddle');
  const all: { billing: Billing; id: string }[] = [];
  for (let index = 0; index < 5; index++) {
    const billing = await createBilling(world);
    await billing.subscribe({ plan: 'enterprise', seats: index + 1 });
    all.push({ billing, id: (await billing.stripeIds()).subscription });
  }
  for (let round = 0; round < 40; round++) {
    await world.control('deliveries', trouble(round));
    for (const [index, { id }] of all.entries()) {
      const key = `${round}/${id}`;
      const { choice, status, cancelsAtMs } = (await provider.readSubscription(id))!;
      if (status === 'paused') await provider.unpause(id, { key });
      else if (cancelsAtMs !== null) await provider.resume(id, { key });
      else if ((round + index) % 4 === 0) await provider.pause(id, { key, resumesAtMs: null });
      else if ((round + index) % 4 === 1) await provider.cancel(id, { key, at: 'period_end' });
      else {
        const seats = (round * 7 + index) % 20;
        await provider.changePlan(id, { key, timing: 'now', choice: { ...choice!, seats } });
      }
    }
    // Fewer failures than open the breaker, through which the changes here are made as well.
    if (round === 20) await dieAtWork(world, 4);
    else if (round % 8 === 7) await world.settle();
  }
  await provider.cancel(all[0]!.id, { key: 'last', at: 'now' });
  await world.control('deliveries', {});
  await world.settle();
  world.app.clock.advanceSeconds(86_401);
  await reconcileCustomers(world.app.services);
  for (const { billing, id } of all) {
    const truth = (await provider.readSubscription(id))!;
    const { plan, subscription } = await billing.state();
    const isFree = truth.status === 'paused' || truth.status === 'cancelled';
    const { status, seats, cancelsAt } = subscription;
    expect([status, seats, cancelsAt !== null]).toEqual([
      truth.status,
      truth.choice!.seats,
      truth.cancelsAtMs !== null,
    ]);
    expect(plan).toBe(isFree ? 'free' : 'enterprise');
    expect((await membersOf(billing)).value).toBe(includedMembers(isFree, 'enterprise', seats));
  }
  await world.close();
});
