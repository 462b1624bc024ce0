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
let count = 0;

beforeAll(async () => {
  standIn = await startStandIn();
  ({ stripe } = standIn);
});
afterAll(() => standIn.server.close());

const createMeter = (formula: 'sum' | 'count' | 'last' = 'sum') =>
  stripe.billing.meters.create({
    display_name: 'Participant minutes',
    event_name: `minutes_${++count}`,
    default_aggregation: { formula },
  });

/** A subscription to a plan with a thousand minutes, and a cent for each one beyond them. */
async function subscribeWithUsage(tiers?: Stripe.PriceCreateParams.Tier[]) {
  const world = await prepareCustomer(stripe);
  const { monthly, product } = await createPrices(stripe);
  const meter = await createMeter();
  const overage = await stripe.prices.create({
    currency: 'usd',
    product,
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: tiers ?? [
      { up_to: 1000, unit_amount: 0 },
      { up_to: 'inf', unit_amount: 1 },
    ],
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  });
  const subscription = await stripe.subscriptions.create({
    customer: world.customer,
    items: [{ price: monthly }, { price: overage.id }],
  });
  const report = (value: number, timestamp?: number, identifier?: string) =>
    stripe.billing.meterEvents.create({
      event_name: meter.event_name,
      payload: { stripe_customer_id: world.customer, value: String(value) },
      timestamp,
      identifier,
    });
  return { ...world, meter, subscription, report };
}

const latestInvoice = async (id: string) => {
  const { latest_invoice: latest } = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
  return latest as Stripe.Invoice;
};

describe('metered usage', () => {
  it('is billed after its period, beyond what is included', async () => {
    const { subscription, report, advance } = await subscribeWithUsage();
    await advance(START + 10 * DAY);
    await report(900);
    await report(350);
    await advance(periodOf(subscription).end + HOUR);
    const invoice = await latestInvoice(subscription.id);
    expect(invoice.lines.data.map(({ amount, quantity }) => [amount, quantity])).toEqual([
      [250, 1250],
      [4900, 1],
    ]);
    expect(invoice.total).toBe(5150);
  });

  it('that is reported while the invoice is a draft counts, and later it does not', async () => {
    const { subscription, report, advance } = await subscribeWithUsage();
    const { end } = periodOf(subscription);
    await advance(end + 60);
    await report(1100, end - 60);
    await advance(end + HOUR);
    await report(5000, end - 60);
    const invoice = await latestInvoice(subscription.id);
    expect(invoice.lines.data[0]).toMatchObject({ amount: 100, quantity: 1100 });
    expect((await stripe.invoices.retrieve(invoice.id ?? '')).total).toBe(5000);
  });

  it('with a repeated identifier is refused with 400 and counts once', async () => {
    const { report, meter, customer } = await subscribeWithUsage();
    await report(10, undefined, 'bucket:1');
    await expect(report(10, undefined, 'bucket:1')).rejects.toMatchObject({
      statusCode: 400,
      param: 'identifier',
    });
    const period = { start_time: START - (START % 60), end_time: START + DAY - (START % 60) };
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, { customer, ...period });
    expect(data.map(({ aggregated_value: value }) => value)).toEqual([10]);
  });

  it('can be cancelled by its identifier', async () => {
    const { report, meter, customer } = await subscribeWithUsage();
    await report(10, undefined, 'mistake');
    await stripe.billing.meterEventAdjustments.create({
      event_name: meter.event_name,
      type: 'cancel',
      cancel: { identifier: 'mistake' },
    });
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer,
      start_time: START,
      end_time: START + 2 * HOUR,
      value_grouping_window: 'hour',
    });
    expect(data.map(({ aggregated_value: value }) => value)).toEqual([0, 0]);
  });

  it.each([
    ['more than 35 days old', -36 * DAY],
    ['more than five minutes ahead', 6 * 60],
  ])('is refused when it is %s', async (_, offset) => {
    const { report } = await subscribeWithUsage();
    await expect(report(1, START + offset)).rejects.toMatchObject({ statusCode: 400, param: 'timestamp' });
  });

  it('is taken by the second version of the API too, alone and in a stream', async () => {
    const { meter, customer, subscription } = await subscribeWithUsage();
    const timestamp = new Date((START + 60) * 1000).toISOString();
    const event = {
      event_name: meter.event_name,
      payload: { stripe_customer_id: customer, value: '7' },
      timestamp,
    };
    await stripe.v2.billing.meterEvents.create({ ...event, identifier: 'v2' });
    const session = await stripe.v2.billing.meterEventSession.create();
    expect(session.authentication_token).toMatch(/^token_/);
    await stripe.v2.billing.meterEventStream.create({ events: [{ ...event, identifier: 'v2-stream' }] });
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(preview.lines.data[0]?.quantity).toBe(14);
  });

  it('is billed for the last time when the subscription ends', async () => {
    const { subscription, report, advance } = await subscribeWithUsage();
    await report(1500);
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await advance(periodOf(subscription).end + HOUR);
    expect(await latestInvoice(subscription.id)).toMatchObject({ status: 'paid', total: 500 });
  });
});

describe('prices', () => {
  it('with fractions of a cent are exact for whole quantities', async () => {
    const { subscription, report, advance } = await subscribeWithUsage([
      { up_to: 'inf', unit_amount_decimal: '0.125' as never },
    ]);
    await report(1001);
    await advance(periodOf(subscription).end + HOUR);
    expect((await latestInvoice(subscription.id)).lines.data[0]?.amount).toBe(125);
  });

  it.each([
    ['graduated', 150, 100 * 10 + 50 * 5 + 300],
    ['volume', 150, 150 * 5 + 300],
    ['graduated', 100, 100 * 10],
    ['volume', 100, 100 * 10],
  ] as const)('with %s tiers cost for %i what the tiers say', async (mode, quantity, amount) => {
    const { customer } = await prepareCustomer(stripe);
    const { product } = await createPrices(stripe);
    const price = await stripe.prices.create({
      currency: 'usd',
      product,
      billing_scheme: 'tiered',
      tiers_mode: mode,
      tiers: [
        { up_to: 100, unit_amount: 10 },
        { up_to: 'inf', unit_amount: 5, flat_amount: 300 },
      ],
      recurring: { interval: 'month' },
      expand: ['tiers'],
    });
    expect(price.tiers).toHaveLength(2);
    const preview = await stripe.invoices.createPreview({
      customer,
      subscription_details: { items: [{ price: price.id, quantity }] },
    });
    expect(preview.total).toBe(amount);
  });

  it('are found by their lookup key, which moves to another price on request only', async () => {
    const { product } = await createPrices(stripe);
    const params = {
      currency: 'usd',
      product,
      recurring: { interval: 'month' as const },
      lookup_key: 'auralink_pro_month_v1',
    };
    const first = await stripe.prices.create({ ...params, unit_amount: 4900 });
    await expect(stripe.prices.create({ ...params, unit_amount: 5900 })).rejects.toThrow(/lookup key/);
    const second = await stripe.prices.create({ ...params, unit_amount: 5900, transfer_lookup_key: true });
    const { data } = await stripe.prices.list({
      lookup_keys: ['auralink_pro_month_v1'],
      expand: ['data.product'],
    });
    expect(data.map(({ id, product: shown }) => [id, (shown as Stripe.Product).name])).toEqual([
      [second.id, 'Pro'],
    ]);
    expect((await stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
  });
});

describe('discounts', () => {
  it.each([
    ['once', { percent_off: 50, duration: 'once' }, [2450, 4900, 4900]],
    [
      'for some months',
      { percent_off: 10, duration: 'repeating', duration_in_months: 2 },
      [4410, 4410, 4900],
    ],
    ['for ever', { amount_off: 1000, currency: 'usd', duration: 'forever' }, [3900, 3900, 3900]],
  ] as const)('lower invoices as long as they last: %s', async (_, params, totals) => {
    const { customer, advance } = await prepareCustomer(stripe);
    const { monthly } = await createPrices(stripe);
    const coupon = await stripe.coupons.create(params);
    const { id } = await stripe.subscriptions.create({
      customer,
      items: [{ price: monthly }],
      discounts: [{ coupon: coupon.id }],
    });
    await advance(START + 64 * DAY);
    const { data } = await stripe.invoices.list({ subscription: id });
    expect(data.map(({ total }) => total).toReversed()).toEqual(totals);
    expect(data[2]?.total_discount_amounts?.[0]?.amount).toBe(4900 - totals[0]);
  });

  it('by a promotion code end when it was redeemed as often as it may be', async () => {
    const { customer } = await prepareCustomer(stripe);
    const { monthly, yearly } = await createPrices(stripe);
    const coupon = await stripe.coupons.create({ percent_off: 20 });
    const code = await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      code: 'SPRING',
      max_redemptions: 1,
    });
    const discounts = [{ promotion_code: code.id }];
    await stripe.subscriptions.create({ customer, items: [{ price: monthly }], discounts });
    await expect(
      stripe.subscriptions.create({ customer, items: [{ price: yearly }], discounts }),
    ).rejects.toThrow(/redeemed/);
    expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
  });
});

describe('taxes', () => {
  async function total(
    customer: Stripe.CustomerUpdateParams,
    params: Partial<Stripe.SubscriptionCreateParams>,
  ) {
    const world = await prepareCustomer(stripe);
    await stripe.customers.update(world.customer, customer);
    const { monthly } = await createPrices(stripe);
    const created = await stripe.subscriptions.create({
      customer: world.customer,
      items: [{ price: monthly }],
      ...params,
    });
    return stripe.invoices.retrieve(created.latest_invoice as string);
  }

  it('follow the customer’s country when they are automatic', async () => {
    const automatic = { automatic_tax: { enabled: true } };
    const german = await total({ address: { country: 'DE' } }, automatic);
    expect([german.subtotal, german.total, german.total_taxes?.[0]?.amount]).toEqual([4900, 5831, 931]);
    expect((await total({ address: { country: 'US' } }, automatic)).total).toBe(4900);
  });

  it('are none for a business of another country, which owes them itself', async () => {
    const world = await prepareCustomer(stripe);
    await stripe.customers.update(world.customer, { address: { country: 'FR' } });
    await stripe.customers.createTaxId(world.customer, { type: 'eu_vat', value: 'FR12345678901' });
    const { monthly } = await createPrices(stripe);
    const created = await stripe.subscriptions.create({
      customer: world.customer,
      items: [{ price: monthly }],
      automatic_tax: { enabled: true },
      expand: ['latest_invoice'],
    });
    const invoice = created.latest_invoice as Stripe.Invoice;
    expect(invoice.total_taxes?.[0]).toMatchObject({ amount: 0, taxability_reason: 'reverse_charge' });
    expect(invoice.customer_tax_ids).toEqual([{ type: 'eu_vat', value: 'FR12345678901' }]);
  });

  it('with fixed rates are added to the price, or are in it', async () => {
    const rate = (inclusive: boolean) =>
      stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive });
    const added = await total({}, { default_tax_rates: [(await rate(false)).id] });
    const within = await total({}, { default_tax_rates: [(await rate(true)).id] });
    expect([added.total, added.total_excluding_tax]).toEqual([5880, 4900]);
    expect([within.total, within.total_excluding_tax]).toEqual([4900, 4083]);
  });

  it('are taken from what is left after discounts, and the parts add up to the total', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 33 });
    const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false });
    const invoice = await total({}, { default_tax_rates: [rate.id], discounts: [{ coupon: coupon.id }] });
    const off = invoice.total_discount_amounts?.[0]?.amount ?? 0;
    const tax = invoice.total_taxes?.[0]?.amount ?? 0;
    expect([off, tax]).toEqual([1617, 624]);
    expect(invoice.total).toBe(invoice.subtotal - off + tax);
  });
});
