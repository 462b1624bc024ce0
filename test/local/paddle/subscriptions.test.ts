import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createCatalog,
  type Catalog,
  DAY,
  FAILING_LATER,
  GOOD_CARD,
  START_MS,
  startStandIn,
  type StandIn,
  subscribe,
  type Subscription,
  type Transaction,
} from './support.ts';

let standIn: StandIn;
let catalog: Catalog;
beforeEach(async () => {
  standIn = await startStandIn();
  catalog = await createCatalog(standIn);
});
afterEach(() => standIn.server.close());

const only = (price: string) => ({ items: [{ price_id: price, quantity: 1 }] });
const change = (id: string, price: string, mode: string, more: object = {}) =>
  standIn.call<Subscription>(`PATCH /subscriptions/${id}`, {
    ...only(price),
    proration_billing_mode: mode,
    ...more,
  });
const amountsOf = async (id: string) =>
  (await standIn.transactions(id)).map(({ origin, details }) => [origin, details.totals.grand_total]);
const daysOf = ({ current_billing_period: period }: Subscription) =>
  (Date.parse(period?.ends_at ?? '') - Date.parse(period?.starts_at ?? '')) / 1000 / DAY;

describe('renewal', () => {
  it('bills each period once, with a number of its own, and the 31st stays the 31st', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    await standIn.advance(365);
    const transactions = (await standIn.transactions(id)).toReversed();
    expect(transactions.length).toBeGreaterThanOrEqual(12);
    const periods = transactions.map(({ billing_period: period }) => period);
    for (const [index, period] of periods.entries())
      if (index > 0) expect(period?.starts_at).toBe(periods[index - 1]?.ends_at);
    expect(periods.slice(0, 4).map((period) => period?.starts_at.slice(5, 10))).toEqual([
      '01-31',
      '02-28',
      '03-31',
      '04-30',
    ]);
    expect(new Set(transactions.map(({ invoice_number: number }) => number)).size).toBe(transactions.length);
  });

  it('runs through 24 months within a second of a processor', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    const before = process.cpuUsage();
    await standIn.advance(24 * 30.5);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
    expect(await standIn.transactions(id)).toHaveLength(25);
  });
});

describe('a change', () => {
  it('gives the rest of the period back and charges the other price for it, to the minute', async () => {
    const before = await subscribe(standIn, catalog.monthly);
    await standIn.advance(10);
    expect(await change(before.id, catalog.enterprise, 'prorated_immediately')).toMatchObject({
      status: 200,
    });
    const [update] = await standIn.transactions(before.id);
    const [back, charged] = update?.details.line_items ?? [];
    const rate = Number(back?.proration?.rate);
    expect(rate).toBeCloseTo(1 - 10 / daysOf(before), 3);
    expect(back).toMatchObject({ quantity: -1, proration: charged?.proration });
    expect(Number(back?.totals.total)).toBe(-Math.round(4_900 * rate));
    expect(Number(charged?.totals.total)).toBe(Math.round(49_900 * rate));
    expect(await standIn.subscription(before.id)).toMatchObject({ next_billed_at: before.next_billed_at });
  });

  it('adds what is left over to the credit of the customer, and later payments use it', async () => {
    const { id, customer_id: customer } = await subscribe(standIn, catalog.enterprise);
    await change(id, catalog.monthly, 'prorated_immediately');
    const balance = async () => {
      const [row] = await standIn.data<{ balance: { available: string } }[]>(
        `GET /customers/${customer}/credit-balances`,
      );
      return Number(row?.balance.available);
    };
    expect(await balance()).toBe(45_000);
    const [update] = await standIn.transactions(id);
    expect(update?.details.totals).toMatchObject({ grand_total: '0', credit_to_balance: '45000' });
    await standIn.advance(32);
    expect(await balance()).toBe(40_100);
    const [renewal] = await standIn.transactions(id);
    expect(renewal?.details.totals).toMatchObject({ total: '4900', credit: '4900', grand_total: '0' });
  });

  it('waits for the next renewal, or is not billed at all, as the request says', async () => {
    const waiting = await subscribe(standIn, catalog.monthly);
    const free = await subscribe(standIn, catalog.monthly);
    const full = await subscribe(standIn, catalog.monthly);
    await change(waiting.id, catalog.enterprise, 'prorated_next_billing_period');
    await change(free.id, catalog.enterprise, 'do_not_bill');
    await change(full.id, catalog.enterprise, 'full_immediately');
    expect((await amountsOf(waiting.id))[0]).toEqual(['api', '4900']);
    expect((await amountsOf(full.id))[0]).toEqual(['subscription_update', '49900']);
    await standIn.advance(32);
    expect((await amountsOf(waiting.id))[0]).toEqual(['subscription_recurring', '94900']);
    expect((await amountsOf(free.id))[0]).toEqual(['subscription_recurring', '49900']);
  });

  it('of the billing cycle begins a period now, unless the request sets the date', async () => {
    const now = await subscribe(standIn, catalog.monthly);
    const later = await subscribe(standIn, catalog.monthly);
    await standIn.advance(10);
    const yearly = await change(now.id, catalog.yearly, 'prorated_immediately');
    expect(yearly.data.billing_cycle).toEqual({ interval: 'year', frequency: 1 });
    expect(daysOf(yearly.data)).toBeGreaterThan(364);
    const [update] = await standIn.transactions(now.id);
    expect(update?.details.line_items.map(({ quantity }) => quantity)).toEqual([-1, 1]);
    const kept = await change(later.id, catalog.yearly, 'do_not_bill', {
      next_billed_at: later.next_billed_at ?? '',
    });
    expect(kept.data.next_billed_at).toBe(later.next_billed_at);
    expect((await amountsOf(later.id))[0]).toEqual(['api', '4900']);
    await standIn.advance(25);
    expect((await amountsOf(later.id))[0]).toEqual(['subscription_recurring', '49000']);
  });

  it('does not happen when its payment fails, or leaves arrears, as the request says', async () => {
    const { id } = await subscribe(standIn, catalog.monthly, { card: FAILING_LATER });
    const refused = await change(id, catalog.enterprise, 'prorated_immediately');
    expect(refused).toMatchObject({ status: 400, error: { code: 'subscription_payment_declined' } });
    expect((await standIn.subscription(id)).items[0]?.price.id).toBe(catalog.monthly);
    const applied = await change(id, catalog.enterprise, 'prorated_immediately', {
      on_payment_failure: 'apply_change',
    });
    expect(applied.data).toMatchObject({ status: 'past_due' });
    expect(applied.data.items[0]?.price.id).toBe(catalog.enterprise);
    expect(await change(id, catalog.monthly, 'do_not_bill')).toMatchObject({
      error: { code: 'subscription_update_when_past_due' },
    });
  });

  it('is shown beforehand as it will be, and a preview changes nothing', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    await standIn.advance(3);
    const before = await standIn.subscription(id);
    const body = { ...only(catalog.enterprise), proration_billing_mode: 'prorated_immediately' };
    const preview = await standIn.data<{
      immediate_transaction: Transaction;
      next_transaction: Transaction;
      update_summary: { result: { action: string; amount: string } };
    }>(`PATCH /subscriptions/${id}/preview`, body);
    expect(await standIn.subscription(id)).toEqual(before);
    await standIn.data(`PATCH /subscriptions/${id}`, body);
    const [made] = await standIn.transactions(id);
    expect(preview.immediate_transaction.details.totals.total).toBe(made?.details.totals.total);
    expect(preview.update_summary.result).toMatchObject({
      action: 'charge',
      amount: made?.details.totals.total,
    });
    await standIn.advance(32);
    const [renewal] = await standIn.transactions(id);
    expect(preview.next_transaction.details.totals.total).toBe(renewal?.details.totals.total);
  });
});

describe('a charge', () => {
  const charge = (id: string, from: string, quantity = 250) =>
    standIn.call(`POST /subscriptions/${id}/charge`, {
      effective_from: from,
      items: [
        {
          price: {
            description: 'Minutes',
            product_id: catalog.product,
            unit_price: { amount: '1', currency_code: 'USD' },
            quantity: { minimum: 1, maximum: 1_000_000 },
            custom_data: { identifier: 'minutes:1' },
          },
          quantity,
        },
      ],
    });

  it('is billed with the next renewal, once', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    await charge(id, 'next_billing_period');
    const { next_transaction: next } = await standIn.data<{ next_transaction: Transaction }>(
      `GET /subscriptions/${id}?include=next_transaction`,
    );
    expect(next.details.totals.total).toBe('5150');
    await standIn.advance(62);
    expect((await amountsOf(id)).slice(0, 2).map(([, amount]) => amount)).toEqual(['4900', '5150']);
    const [, renewal] = await standIn.transactions(id);
    expect(renewal?.items.map(({ price }) => price.custom_data)).toEqual([null, { identifier: 'minutes:1' }]);
  });

  it('is billed at once in an invoice of its own', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    await charge(id, 'immediately');
    expect((await amountsOf(id))[0]).toEqual(['subscription_charge', '250']);
  });

  it('is lost when the subscription ends before its renewal', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    await charge(id, 'next_billing_period');
    await standIn.data(`POST /subscriptions/${id}/cancel`, {});
    await standIn.advance(32);
    expect(await amountsOf(id)).toEqual([['api', '4900']]);
    expect(await charge(id, 'immediately')).toMatchObject({ status: 400 });
  });
});

describe('arrears', () => {
  const pastDue = async () => {
    const { id } = await subscribe(standIn, catalog.monthly, { card: FAILING_LATER });
    await standIn.advance(31.1);
    return id;
  };

  it('are collected again after 3, 5 and 7 days; then the subscription is canceled', async () => {
    const id = await pastDue();
    expect((await standIn.subscription(id)).status).toBe('past_due');
    for (const [days, attempts] of [
      [3, 2],
      [5, 3],
    ] as const) {
      await standIn.advance(days);
      const [renewal] = await standIn.transactions(id);
      expect(renewal).toMatchObject({ status: 'past_due' });
      expect(renewal?.payments).toHaveLength(attempts);
    }
    await standIn.advance(7);
    expect((await standIn.subscription(id)).status).toBe('canceled');
    expect((await standIn.transactions(id))[0]).toMatchObject({ status: 'canceled' });
  });

  it('end in a pause on request', async () => {
    await standIn.control('settings', { retryAfterDays: [1], afterRetries: 'pause' });
    const id = await pastDue();
    await standIn.advance(1.1);
    expect((await standIn.subscription(id)).status).toBe('paused');
  });

  it('are over once they are paid with another card, which pays from now on', async () => {
    const id = await pastDue();
    const { customer_id: customer } = await standIn.subscription(id);
    const { urls } = await standIn.data<{ urls: { general: { overview: string } } }>(
      `POST /customers/${customer}/portal-sessions`,
      {},
    );
    await fetch(urls.general.overview, {
      method: 'POST',
      body: new URLSearchParams({ action: 'card', number: GOOD_CARD, month: '12', year: '2099' }),
    });
    expect(await standIn.subscription(id)).toMatchObject({ status: 'active' });
    await standIn.advance(31);
    expect(await standIn.subscription(id)).toMatchObject({ status: 'active' });
  });
});

describe('steps', () => {
  it('cancel at the end of the period, which can be taken back, or at once', async () => {
    const { id, next_billed_at: end } = await subscribe(standIn, catalog.monthly);
    const cancel = (from: string) =>
      standIn.call<Subscription>(`POST /subscriptions/${id}/cancel`, { effective_from: from });
    expect((await cancel('next_billing_period')).data.scheduled_change).toEqual({
      action: 'cancel',
      effective_at: end,
      resume_at: null,
    });
    expect(await cancel('next_billing_period')).toMatchObject({
      error: { code: 'subscription_locked_pending_changes' },
    });
    await standIn.data(`PATCH /subscriptions/${id}`, { scheduled_change: null });
    await standIn.advance(32);
    expect(await standIn.subscription(id)).toMatchObject({ status: 'active', scheduled_change: null });
    await cancel('next_billing_period');
    await standIn.advance(31);
    expect(await standIn.subscription(id)).toMatchObject({ status: 'canceled', next_billed_at: null });
    expect(await cancel('immediately')).toMatchObject({
      error: { code: 'subscription_is_canceled_action_invalid' },
    });
    expect(await amountsOf(id)).toHaveLength(2);
  });

  it('pause now, and continue with what is left of the period or with another one', async () => {
    const kept = await subscribe(standIn, catalog.monthly);
    const begun = await subscribe(standIn, catalog.monthly);
    const pause = (id: string, more: object) =>
      standIn.data<Subscription>(`POST /subscriptions/${id}/pause`, {
        effective_from: 'immediately',
        ...more,
      });
    const at = new Date(START_MS + 10 * DAY * 1_000).toISOString();
    const paused = await pause(kept.id, { resume_at: at, on_resume: 'continue_existing_billing_period' });
    expect(paused).toMatchObject({ status: 'paused', next_billed_at: null });
    expect(paused.scheduled_change?.action).toBe('resume');
    await pause(begun.id, {});
    await standIn.advance(11);
    expect(await standIn.subscription(kept.id)).toMatchObject({
      status: 'active',
      next_billed_at: kept.next_billed_at,
    });
    expect((await standIn.subscription(begun.id)).status).toBe('paused');
    await standIn.data(`POST /subscriptions/${begun.id}/resume`, { effective_from: 'immediately' });
    expect((await amountsOf(begun.id))[0]).toEqual(['subscription_recurring', '4900']);
    expect(await amountsOf(kept.id)).toHaveLength(1);
  });

  it('pause at the end of the period; nothing is charged until it is resumed', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    await standIn.data(`POST /subscriptions/${id}/pause`, {});
    await standIn.advance(100);
    expect(await standIn.subscription(id)).toMatchObject({ status: 'paused' });
    expect(await amountsOf(id)).toHaveLength(1);
  });

  it('are refused in a trial where they are billed', async () => {
    const trial = await createCatalog(standIn, { trial_period: { interval: 'day', frequency: 14 } });
    const { id } = await subscribe(standIn, trial.monthly);
    expect(await change(id, trial.enterprise, 'prorated_immediately')).toMatchObject({
      error: { code: 'subscription_trialing_items_update_invalid_options' },
    });
    expect(await standIn.call(`POST /subscriptions/${id}/pause`, {})).toMatchObject({
      error: { code: 'subscription_cannot_be_paused' },
    });
    expect((await change(id, trial.enterprise, 'do_not_bill')).status).toBe(200);
    await standIn.advance(15);
    expect((await amountsOf(id))[0]).toEqual(['subscription_recurring', '49900']);
  });
});
