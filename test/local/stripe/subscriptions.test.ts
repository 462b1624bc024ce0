import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPrices,
  DAY,
  HOUR,
  periodOf,
  prepareCustomer,
  type StandIn,
  START,
  startStandIn,
} from './support.ts';

let standIn: StandIn;
let stripe: Stripe;

beforeAll(async () => {
  standIn = await startStandIn();
  ({ stripe } = standIn);
});
afterAll(() => standIn.server.close());

const invoicesOf = (subscription: string) => stripe.invoices.list({ subscription, limit: 100 });
const at = (year: number, month: number, day: number, hour = 12) =>
  Date.UTC(year, month - 1, day, hour) / 1000;

async function subscribe(params: Partial<Stripe.SubscriptionCreateParams> = {}, card?: string) {
  const world = await prepareCustomer(stripe, card);
  const prices = await createPrices(stripe);
  const subscription = await stripe.subscriptions.create({
    customer: world.customer,
    items: [{ price: prices.monthly }],
    ...params,
  });
  return { ...world, prices, subscription };
}

describe('a subscription', () => {
  it('is charged at once and each month on its day, also in months that lack the day', async () => {
    const { advance, subscription } = await subscribe();
    expect(subscription.status).toBe('active');
    expect(periodOf(subscription)).toEqual({ start: START, end: at(2027, 2, 28) });
    await advance(at(2027, 4, 1));
    const { data } = await invoicesOf(subscription.id);
    expect(data.map(({ status, total, billing_reason }) => [status, total, billing_reason])).toEqual([
      ['paid', 4900, 'subscription_cycle'],
      ['paid', 4900, 'subscription_cycle'],
      ['paid', 4900, 'subscription_create'],
    ]);
    expect(periodOf(await stripe.subscriptions.retrieve(subscription.id))).toEqual({
      start: at(2027, 3, 31),
      end: at(2027, 4, 30),
    });
  });

  it('lives through 24 months of its clock within a second of a processor', async () => {
    const { advance, subscription } = await subscribe();
    const before = process.cpuUsage();
    for (let month = 1; month <= 24; month++) await advance(START + month * 31 * DAY);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
    const { data } = await invoicesOf(subscription.id);
    expect(data.length).toBeGreaterThanOrEqual(24);
    expect(data.every(({ status }) => status === 'paid')).toBe(true);
  });

  it('has a draft for an hour after each renewal, which then is final and paid', async () => {
    const { advance, subscription } = await subscribe();
    await advance(at(2027, 2, 28) + HOUR - 1);
    const { data } = await invoicesOf(subscription.id);
    expect(data[0]).toMatchObject({ status: 'draft', automatically_finalizes_at: at(2027, 2, 28) + HOUR });
    await advance(at(2027, 2, 28) + HOUR);
    expect(await stripe.invoices.retrieve(data[0]?.id ?? '')).toMatchObject({
      status: 'paid',
      amount_paid: 4900,
    });
  });

  it('costs nothing during its trial, is announced three days before its end, and is charged then', async () => {
    const { advance, subscription } = await subscribe({ trial_period_days: 14 });
    expect(subscription).toMatchObject({ status: 'trialing', trial_end: START + 14 * DAY });
    await advance(START + 11 * DAY - 1);
    const announced = async () =>
      (await stripe.events.list({ type: 'customer.subscription.trial_will_end' })).data.length;
    const before = await announced();
    await advance(START + 11 * DAY);
    expect(await announced()).toBe(before + 1);
    await advance(START + 14 * DAY + HOUR);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    expect((await invoicesOf(subscription.id)).data.map(({ total }) => total)).toEqual([4900, 0]);
  });

  it.each(['cancel', 'pause'] as const)(
    'without a card at the end of its trial does what it was set to: %s',
    async (choice) => {
      const { clock } = await prepareCustomer(stripe);
      const customer = await stripe.customers.create({ test_clock: clock });
      const prices = await createPrices(stripe);
      const { id } = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: prices.monthly }],
        trial_period_days: 7,
        trial_settings: { end_behavior: { missing_payment_method: choice } },
      });
      await stripe.testHelpers.testClocks.advance(clock, { frozen_time: START + 8 * DAY });
      const { status } = await stripe.subscriptions.retrieve(id);
      expect(status).toBe({ cancel: 'canceled', pause: 'paused' }[choice]);
    },
  );

  it('that is to be cancelled at the end of its period ends there, unless that is taken back', async () => {
    const { advance, subscription } = await subscribe();
    const { id } = subscription;
    expect(await stripe.subscriptions.update(id, { cancel_at_period_end: true })).toMatchObject({
      status: 'active',
      cancel_at: at(2027, 2, 28),
    });
    await stripe.subscriptions.update(id, { cancel_at_period_end: false });
    await advance(at(2027, 3, 1));
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await advance(at(2027, 4, 1));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      ended_at: at(2027, 3, 31),
    });
    expect((await invoicesOf(id)).data).toHaveLength(2);
  });

  it('whose collection is paused makes invoices that are not to be paid', async () => {
    const { advance, subscription } = await subscribe();
    await stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: 'void', resumes_at: at(2027, 3, 15) },
    });
    await advance(at(2027, 3, 1));
    expect((await invoicesOf(subscription.id)).data[0]?.status).toBe('void');
    await advance(at(2027, 4, 1));
    expect((await invoicesOf(subscription.id)).data[0]?.status).toBe('paid');
    expect((await stripe.subscriptions.retrieve(subscription.id)).pause_collection).toBeNull();
  });
});

describe('a change within the period', () => {
  it('gives back and charges the rest of the period by the second, on the next invoice', async () => {
    const { advance, subscription, prices } = await subscribe();
    const [item] = subscription.items.data;
    const { start, end } = periodOf(subscription);
    const moment = start + 10 * DAY + 17;
    await advance(moment);
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item?.id, price: prices.enterprise }],
    });
    const share = (amount: number) => Math.round((amount * (end - moment)) / (end - start));
    await advance(end + HOUR);
    const [invoice] = (await invoicesOf(subscription.id)).data;
    expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-share(4900), share(49_900), 49_900]);
    expect(invoice?.total).toBe(49_900 + share(49_900) - share(4900));
    expect(invoice?.lines.data[0]?.parent?.subscription_item_details?.proration).toBe(true);
  });

  it('is previewed by what then happens, and a preview changes nothing', async () => {
    const { advance, subscription, prices, customer } = await subscribe();
    const [item] = subscription.items.data;
    await advance(START + 5 * DAY);
    const details = {
      items: [{ id: item?.id, price: prices.enterprise, quantity: 3 }],
      proration_behavior: 'always_invoice' as const,
    };
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: details,
    });
    expect(JSON.stringify(await stripe.subscriptions.retrieve(subscription.id))).toBe(
      JSON.stringify(subscription),
    );
    expect((await stripe.invoiceItems.list({ customer })).data).toEqual([]);
    await stripe.subscriptions.update(subscription.id, details);
    const [invoice] = (await invoicesOf(subscription.id)).data;
    expect(invoice).toMatchObject({
      status: 'paid',
      total: preview.total,
      billing_reason: 'subscription_update',
    });
    expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual(
      preview.lines.data.map(({ amount }) => amount),
    );
  });

  it('that is previewed with prorations on the next invoice shows that invoice', async () => {
    const { advance, subscription, prices } = await subscribe();
    const [item] = subscription.items.data;
    await advance(START + 14 * DAY);
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items: [{ id: item?.id, price: prices.enterprise }] },
    });
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-2450, 24_950, 49_900]);
    const upcoming = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(upcoming.lines.data.map(({ amount }) => amount)).toEqual([4900]);
  });

  it('to another interval begins a new period at once', async () => {
    const { advance, subscription, prices } = await subscribe();
    const [item] = subscription.items.data;
    await advance(START + 14 * DAY);
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item?.id, price: prices.yearly }],
    });
    expect(periodOf(changed)).toEqual({ start: START + 14 * DAY, end: at(2028, 2, 14) });
    const [invoice] = (await invoicesOf(subscription.id)).data;
    expect(invoice).toMatchObject({ status: 'paid', total: 49_000 - 2450 });
  });

  it('of the quantity is prorated too, and not at all when that is asked for', async () => {
    const { advance, subscription } = await subscribe();
    const [item] = subscription.items.data;
    await advance(START + 14 * DAY);
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item?.id, quantity: 3 }],
      proration_behavior: 'none',
    });
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item?.id, quantity: 1 }] });
    await advance(periodOf(subscription).end + HOUR);
    const [invoice] = (await invoicesOf(subscription.id)).data;
    expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-7350, 2450, 4900]);
  });

  it.each([
    ['still applies', 'forever', [-1225, 12_475, 24_950]],
    ['is spent', 'once', [-1225, 24_950, 49_900]],
  ] as const)('gives back what was paid, not the price, when a discount %s', async (_, duration, net) => {
    const coupon = await stripe.coupons.create({ percent_off: 50, duration });
    const { advance, subscription, prices } = await subscribe({ discounts: [{ coupon: coupon.id }] });
    await advance(START + 14 * DAY);
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items: [{ id: subscription.items.data[0]?.id, price: prices.enterprise }] },
    });
    const offOf = (line: Stripe.InvoiceLineItem) =>
      (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
    expect(preview.lines.data.map((line) => line.amount - offOf(line))).toEqual(net);
    expect(preview.total).toBe(net.reduce((sum, amount) => sum + amount, 0));
  });

  it('that is taken back before its invoice costs nothing, also with a discount', async () => {
    const coupon = await stripe.coupons.create({ amount_off: 1000, currency: 'usd', duration: 'forever' });
    const { advance, subscription, prices } = await subscribe({ discounts: [{ coupon: coupon.id }] });
    const id = subscription.items.data[0]?.id;
    await advance(START + 14 * DAY);
    await stripe.subscriptions.update(subscription.id, { items: [{ id, price: prices.enterprise }] });
    await stripe.subscriptions.update(subscription.id, { items: [{ id, price: prices.monthly }] });
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-1950, 24_950, -24_950, 2450, 4900]);
    expect(preview.total).toBe(-1950 + 2450 + 4900 - 1000);
  });

  it('that leaves a credit lowers the next invoices until it is used up', async () => {
    const { advance, subscription, prices, customer } = await subscribe();
    const [item] = subscription.items.data;
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item?.id, price: prices.enterprise }],
      proration_behavior: 'always_invoice',
    });
    await advance(START + 14 * DAY);
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item?.id, price: prices.monthly }],
      proration_behavior: 'always_invoice',
    });
    expect((await stripe.customers.retrieve(customer)) as Stripe.Customer).toMatchObject({
      balance: -22_500,
    });
    await advance(at(2027, 3, 1));
    const [invoice] = (await invoicesOf(subscription.id)).data;
    expect(invoice).toMatchObject({ total: 4900, amount_due: 0, status: 'paid', ending_balance: -17_600 });
  });
});

describe('an immediate end', () => {
  it('gives back the rest of the period on an invoice when that is asked for', async () => {
    const { advance, subscription, customer } = await subscribe();
    await advance(START + 14 * DAY);
    const ended = await stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true });
    expect(ended).toMatchObject({ status: 'canceled', ended_at: START + 14 * DAY });
    expect((await stripe.customers.retrieve(customer)) as Stripe.Customer).toMatchObject({ balance: -2450 });
  });

  it('cannot be repeated', async () => {
    const { subscription } = await subscribe();
    await stripe.subscriptions.cancel(subscription.id);
    await expect(stripe.subscriptions.cancel(subscription.id)).rejects.toMatchObject({
      code: 'resource_missing',
    });
    await expect(
      stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }),
    ).rejects.toThrow(/canceled/);
  });
});
