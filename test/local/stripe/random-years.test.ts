import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../../support/random.ts';
import { createPrices, DAY, prepareCustomer, type StandIn, START, startStandIn } from './support.ts';

let standIn: StandIn;
let stripe: Stripe;

beforeAll(async () => {
  standIn = await startStandIn();
  ({ stripe } = standIn);
});
afterAll(() => standIn.server.close());

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** A year of one customer with random changes of plan, seats, card and discount; with tax on odd seeds. */
async function liveThroughYear(seed: number) {
  const random = randomFrom(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const { customer, advance } = await prepareCustomer(stripe);
  const { monthly, yearly, enterprise } = await createPrices(stripe);
  const coupon = await stripe.coupons.create({ percent_off: 17, duration: 'forever' });
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false });
  const { id, items } = await stripe.subscriptions.create({
    customer,
    items: [{ price: monthly }],
    default_tax_rates: seed % 2 === 1 ? [rate.id] : [],
  });
  const item = items.data[0]?.id;
  const changes = [
    () =>
      stripe.subscriptions.update(id, { items: [{ id: item, price: pick([monthly, yearly, enterprise]) }] }),
    () =>
      stripe.subscriptions.update(id, {
        items: [{ id: item, quantity: 1 + Math.floor(random() * 9) }],
        proration_behavior: pick(['create_prorations', 'always_invoice', 'none']),
      }),
    () => stripe.subscriptions.update(id, { discounts: random() < 0.5 ? '' : [{ coupon: coupon.id }] }),
    () => stripe.paymentMethods.attach('pm_card_mastercard', { customer }),
  ];
  let now = START;
  while (now < START + 366 * DAY) {
    await advance((now += 1 + Math.floor(random() * 20 * DAY)));
    await pick(changes)();
  }
  await advance(now + 2 * DAY);
  return { customer, id };
}

it.each([1, 2, 3, 4, 5, 6])(
  'over a random year every invoice is the sum of its parts, and no money is lost: seed %i',
  async (seed) => {
    const { customer, id } = await liveThroughYear(seed);
    const invoices = await stripe.invoices.list({ customer, limit: 100 });
    expect(invoices.data.length).toBeGreaterThan(1);
    for (const {
      lines,
      total,
      total_discount_amounts: discounts,
      total_taxes: taxes,
      subtotal,
    } of invoices.data) {
      expect(sum(lines.data.map(({ amount }) => amount))).toBe(subtotal);
      const off = sum((discounts ?? []).map(({ amount }) => amount));
      expect(subtotal - off + sum((taxes ?? []).map(({ amount }) => amount))).toBe(total);
    }
    const { balance } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
    const final = invoices.data.filter(({ status }) => status === 'paid');
    expect(sum(final.map(({ amount_paid: paid }) => paid))).toBe(
      sum(final.map(({ total }) => total)) - balance,
    );
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
  },
);
