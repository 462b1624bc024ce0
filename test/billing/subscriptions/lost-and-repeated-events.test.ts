import { expect, it } from 'vitest';
import type { Stripe } from 'stripe';
import { createPaddleWorld, type PaddleWorld } from '../../support/payments/paddle.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import {
  dieAtWork,
  invoicesAtPaddle,
  invoicesAtStripe,
  passDays,
  reconcileAfter,
  shownInvoices,
  storedEvents,
  transactionsAtPaddle,
  trouble,
} from './lost-events.support.ts';
import { membersOf, subscribeWithFailingCard } from './seats.support.ts';
import { type Billing, createBilling } from './support.ts';

const ORGANIZATIONS = 10;
const ROUNDS = 40;
/** Older invoices are read again within a week. */
const WEEK = 7;
const CHANGES: Stripe.SubscriptionUpdateParams[] = [
  { cancel_at_period_end: true },
  { cancel_at_period_end: false },
  { pause_collection: { behavior: 'void' } },
  { pause_collection: '' },
  {},
];

interface Subscribed {
  billing: Billing;
  customer: string;
  subscription: string;
}

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
  };
}

/** The members that a subscription gives. */
const includedMembers = (isFree: boolean, plan: string, seats: number) =>
  isFree ? 10 : (plan === 'pro' ? 100 : 5_000) + seats;

const isOfSeats = ({ price }: Stripe.SubscriptionItem) =>
  price.lookup_key?.startsWith('auralink_seat_') === true;

/** Another number of seats, which is charged at once where a card can be. */
async function changeSeats({ stripe }: StripeWorld, { subscription }: Subscribed, step: number) {
  const { status, items, pause_collection: pause } = await stripe.subscriptions.retrieve(subscription);
  const { id } = items.data.find(isOfSeats)!;
  await stripe.subscriptions.update(subscription, {
    items: [{ id, quantity: 5 + ((step * 7) % 20) }],
    proration_behavior: status === 'active' && pause === null ? 'always_invoice' : 'none',
  });
}

async function useCard({ stripe }: StripeWorld, { customer, subscription }: Subscribed, card: string) {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.subscriptions.update(subscription, { default_payment_method: id });
}

type ActOnInvoice = (stripe: Stripe, invoice: string, customer: string) => Promise<unknown>;
/** What is done with an invoice that waits for its payment. */
const WITH_OPEN: ActOnInvoice[] = [
  (stripe, invoice) => stripe.creditNotes.create({ invoice, amount: 100 }),
  (stripe, invoice) => stripe.invoices.voidInvoice(invoice),
  (stripe, invoice) => stripe.invoices.markUncollectible(invoice),
  async (stripe, invoice, customer) => {
    const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    await stripe.invoices.pay(invoice, { payment_method: id });
  },
];
/** What is given back of an invoice that was paid; of it is left enough for all of them. */
const WITH_PAID: ActOnInvoice[] = [
  (stripe, invoice) => stripe.creditNotes.create({ invoice, amount: 100, refund_amount: 100 }),
  (stripe, invoice) => stripe.creditNotes.create({ invoice, amount: 70, credit_amount: 70 }),
  async (stripe, invoice) => {
    const { data } = await stripe.invoicePayments.list({ invoice });
    await stripe.refunds.create({ payment_intent: data[0]!.payment.payment_intent as string, amount: 30 });
  },
];

async function actOnInvoice(
  { stripe }: StripeWorld,
  { customer }: Subscribed,
  step: number,
  status: 'open' | 'paid',
) {
  const { data } = await stripe.invoices.list({ customer, status, limit: 100 });
  const some = status === 'open' ? data : data.filter(({ amount_paid: paid }) => paid >= 2_000);
  const invoice = some[(step * 5) % some.length]?.id;
  const acts = status === 'open' ? WITH_OPEN : WITH_PAID;
  if (invoice !== undefined) await acts[step % acts.length]!(stripe, invoice, customer);
}

/** Something that somebody does in Stripe's dashboard, or a customer on its pages. */
async function actAtStripe(world: StripeWorld, organization: Subscribed, step: number) {
  const { subscription } = organization;
  const { ended_at: endedAt } = await world.stripe.subscriptions.retrieve(subscription);
  const [act, times] = [step % 8, Math.floor(step / 8)];
  if (act % 2 === 1) return actOnInvoice(world, organization, times + act, act === 3 ? 'open' : 'paid');
  if (endedAt !== null) return undefined;
  if (act === 2)
    return useCard(world, organization, times % 2 ? 'pm_card_visa' : 'pm_card_chargeCustomerFail');
  if (act === 6) return world.stripe.subscriptions.update(subscription, CHANGES[times % CHANGES.length]);
  return changeSeats(world, organization, step);
}

async function expectSubscription(world: StripeWorld, { billing, subscription }: Subscribed) {
  const truth = await world.stripe.subscriptions.retrieve(subscription);
  const { status, isCancelling } = stateAtStripe(truth);
  const state = await billing.state();
  const { plan, seats, graceEndsAt } = state.subscription;
  const isRestricted = status === 'past_due' && Date.parse(graceEndsAt) <= world.app.clock.now();
  expect(state.subscription.status).toBe(isRestricted ? 'restricted' : status);
  expect(state.subscription.cancelsAt !== null).toBe(isCancelling);
  const isFree = isRestricted || status === 'cancelled' || status === 'paused';
  expect(state.plan).toBe(isFree ? 'free' : plan);
  expect(seats).toBe(truth.items.data.find(isOfSeats)!.quantity);
  expect((await membersOf(billing)).value).toBe(includedMembers(isFree, plan, seats));
}

async function subscribeAll(world: StripeWorld): Promise<Subscribed[]> {
  const all: Subscribed[] = [];
  for (let index = 0; index < ORGANIZATIONS; index++) {
    const billing = await createBilling(world);
    await billing.subscribe({ plan: index % 2 ? 'pro' : 'enterprise', seats: index + 1 });
    all.push({ billing, ...(await billing.stripeIds()) });
  }
  return all;
}

it('after 1,000 events, a fifth lost, a fifth doubled, all shuffled, and the Worker killed in between, subscriptions and invoices equal Stripe’s', async () => {
  const world = await createStripeWorld();
  const all = await subscribeAll(world);
  await reconcileAfter(world, 0);
  const countMade = async () =>
    (await world.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })).length;
  const [made, stored] = [await countMade(), await storedEvents()];
  for (let round = 0; round < ROUNDS; round++) {
    await world.control('deliveries', trouble(round));
    for (const [index, organization] of all.entries())
      await actAtStripe(world, organization, round + 3 * index);
    if (round % 2 === 1) await passDays(world, 3);
    if (round === ROUNDS / 2) await dieAtWork(world, 9);
    else if (round % 8 === 7) await world.settle();
  }
  await world.stripe.subscriptions.cancel(all[9]!.subscription);
  await world.control('deliveries', {});
  await world.settle();
  const [newEvents, newStored] = [(await countMade()) - made, (await storedEvents()) - stored];
  expect(newEvents).toBeGreaterThan(1_000);
  expect(newStored / newEvents).toBeGreaterThan(0.7);
  expect(newStored / newEvents).toBeLessThan(0.9);
  expect(await reconcileAfter(world, WEEK)).toBeGreaterThan(3);
  const seen = [];
  for (const organization of all) {
    await expectSubscription(world, organization);
    const truth = await invoicesAtStripe(world, organization.customer);
    expect(await shownInvoices(organization.billing)).toEqual(truth);
    seen.push(...truth);
  }
  const statuses = new Set(seen.map(({ status }) => status));
  expect(statuses).toEqual(new Set(['paid', 'void', 'uncollectible']));
  expect(seen.length).toBeGreaterThan(50);
  expect(
    seen.filter(({ refunded, creditNotes }) => refunded > 0 && creditNotes.length > 0).length,
  ).toBeGreaterThan(10);
  await world.close();
});

interface PaddleCustomer {
  billing: Billing;
  id: string;
  customer: string;
}

/** A refund in Paddle's dashboard, of an invoice that has none that waits for its approval. */
async function refundAtPaddle(world: PaddleWorld, { customer }: PaddleCustomer, step: number) {
  const paid = (await transactionsAtPaddle(world, customer)).filter(({ status }) => status === 'completed');
  const lines = paid.flatMap(({ id, details }) =>
    details.line_items
      .filter(({ totals }) => Number(totals.total) >= 2_000)
      .map((line) => ({ transaction: id, line: line.id })),
  );
  const { transaction, line } = lines[step % lines.length]!;
  const items = [{ item_id: line, type: 'partial', amount: '100' }];
  await world.send('POST /adjustments', {
    action: 'refund',
    transaction_id: transaction,
    reason: 'Outage',
    items,
  });
}

/** Pays what waits for a payment as the customer does on the page, with a card that works. */
async function payArrears(world: PaddleWorld, { customer }: PaddleCustomer) {
  for (const { id, status } of await transactionsAtPaddle(world, customer))
    if (status === 'past_due') await world.completeCheckout(`${world.url}/pay?_ptxn=${id}`);
}

async function actAtPaddle(world: PaddleWorld, { id }: PaddleCustomer, step: number) {
  const provider = world.app.services.ports.payments.of('paddle');
  const { choice, status, cancelsAtMs } = (await provider.readSubscription(id))!;
  const key = `${step}/${id}`;
  if (status === 'past_due' || status === 'cancelled') return undefined;
  if (status === 'paused') return provider.unpause(id, { key });
  if (cancelsAtMs !== null) return provider.resume(id, { key });
  if (step % 4 === 0) return provider.pause(id, { key, resumesAtMs: null });
  if (step % 4 === 1) return provider.cancel(id, { key, at: 'period_end' });
  return provider.changePlan(id, { key, timing: 'now', choice: { ...choice!, seats: (step * 7) % 20 } });
}

async function subscribeAllAtPaddle(world: PaddleWorld): Promise<PaddleCustomer[]> {
  const all: PaddleCustomer[] = [];
  for (let index = 0; index < 5; index++) {
    const billing = await createBilling(world);
    const body = { plan: 'enterprise', seats: index + 1 };
    // The card of one fails when the customer is not there.
    if (index === 4) await subscribeWithFailingCard(world, billing, body);
    else await billing.subscribe(body);
    const { customer, subscription } = await billing.stripeIds();
    all.push({ billing, id: subscription, customer });
  }
  return all;
}

it('after 200 changes at Paddle and what follows from them, lost, doubled and shuffled, and the Worker killed in between, subscriptions and invoices equal Paddle’s', async () => {
  const world = await createPaddleWorld();
  const provider = world.app.services.ports.payments.of('paddle');
  const all = await subscribeAllAtPaddle(world);
  await reconcileAfter(world, 0);
  for (let round = 0; round < 40; round++) {
    await world.control('deliveries', trouble(round));
    for (const [index, each] of all.entries()) {
      if (index < 4) await actAtPaddle(world, each, round + index);
      if ((round + index) % 4 === 3) await refundAtPaddle(world, each, round);
    }
    await passDays(world, 1.5);
    if (round === 25) await payArrears(world, all[4]!);
    // Fewer failures than open the breaker, through which the changes here are made as well.
    if (round === 20) await dieAtWork(world, 4);
    else if (round % 8 === 7) await world.settle();
  }
  await provider.cancel(all[0]!.id, { key: 'last', at: 'now' });
  // One refund is not reported at all.
  await world.control('deliveries', { drop: 1 });
  await refundAtPaddle(world, all[1]!, 0);
  await world.control('deliveries', {});
  await world.settle();
  expect(await reconcileAfter(world, WEEK)).toBeGreaterThan(0);
  const seen = [];
  for (const { billing, id, customer } of all) {
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
    const invoices = await invoicesAtPaddle(world, customer);
    expect(await shownInvoices(billing)).toEqual(invoices);
    seen.push(...invoices);
  }
  expect(await storedEvents()).toBeGreaterThan(200);
  expect(seen.length).toBeGreaterThan(50);
  expect(seen.filter(({ refunded }) => refunded > 0).length).toBeGreaterThan(10);
  expect(seen.filter(({ status }) => status === 'open').length).toBe(0);
  await world.close();
});
