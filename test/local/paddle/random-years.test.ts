import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../../support/random.ts';
import { createCatalog, startStandIn, type StandIn, subscribe, sum, type Subscription } from './support.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.server.close());

const MODES = [
  'prorated_immediately',
  'full_immediately',
  'prorated_next_billing_period',
  'full_next_billing_period',
  'do_not_bill',
];

/** A year of one customer with random changes of plan, seats, discount, charges and pauses; with tax on odd seeds. */
async function liveThroughYear(seed: number): Promise<Subscription> {
  const random = randomFrom(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const { product, monthly, yearly, enterprise } = await createCatalog(standIn);
  const begun = await subscribe(standIn, monthly, { country: seed % 2 === 1 ? 'DE' : 'US' });
  const discount = await standIn.data<{ id: string }>('POST /discounts', {
    description: 'Lasting',
    type: 'percentage',
    amount: '17',
    recur: true,
  });
  const path = `/subscriptions/${begun.id}`;
  const send = async (request: string, body: Record<string, unknown>) => {
    const { status, error } = await standIn.call(request, body);
    if (status >= 500) throw new Error(error.detail);
  };
  const price = {
    description: 'Minutes',
    product_id: product,
    unit_price: { amount: '1', currency_code: 'USD' },
    quantity: { minimum: 1, maximum: 1_000_000 },
  };
  const changes = [
    () =>
      send(`PATCH ${path}`, {
        items: [{ price_id: pick([monthly, yearly, enterprise]), quantity: 1 + Math.floor(random() * 9) }],
        proration_billing_mode: pick(MODES),
      }),
    () =>
      send(`PATCH ${path}`, { discount: pick([null, { id: discount.id, effective_from: 'immediately' }]) }),
    () =>
      send(`POST ${path}/charge`, {
        effective_from: pick(['next_billing_period', 'immediately']),
        items: [{ price, quantity: 1 + Math.floor(random() * 5_000) }],
      }),
    () => send(`POST ${path}/pause`, { effective_from: 'immediately' }),
    () => send(`POST ${path}/resume`, { effective_from: 'immediately' }),
  ];
  for (let day = 0; day < 366;) {
    const days = 0.1 + random() * 20;
    await standIn.advance(days);
    day += days;
    await pick(changes)();
  }
  return begun;
}

it.each([1, 2, 3, 4, 5, 6])(
  'over a random year every invoice is the sum of its lines, and no money is lost: seed %i',
  async (seed) => {
    const { id, customer_id: customer } = await liveThroughYear(seed);
    const transactions = await standIn.transactions(id);
    expect(transactions.length).toBeGreaterThan(3);
    for (const { details, payments } of transactions) {
      const { totals, line_items: lines } = details;
      for (const name of ['subtotal', 'discount', 'tax', 'total'] as const)
        expect(sum(lines.map((line) => line.totals[name]))).toBe(Number(totals[name]));
      expect(sum([totals.subtotal, totals.tax]) - Number(totals.discount)).toBe(Number(totals.total));
      const due = Math.max(0, Number(totals.total)) - Number(totals.credit);
      expect(Number(totals.grand_total)).toBe(due);
      const captured = payments.filter(({ status }) => status === 'captured');
      expect(sum(captured.map(({ amount }) => amount))).toBe(due);
    }
    const all = (name: 'total' | 'grand_total') =>
      sum(transactions.map(({ details }) => details.totals[name]));
    const [balance] = await standIn.data<{ balance: { available: string } }[]>(
      `GET /customers/${customer}/credit-balances`,
    );
    expect(all('grand_total')).toBe(all('total') + Number(balance?.balance.available ?? 0));
  },
);
