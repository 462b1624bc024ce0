import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
beforeEach(() => standIn.control('settings', { retryAfterDays: [3, 5, 7], afterRetries: 'cancel' }));
afterAll(() => standIn.server.close());

/** A subscription that was paid once, whose card fails from now on. */
async function subscribeThenFail(card = 'pm_card_chargeCustomerFail') {
  const world = await prepareCustomer(stripe);
  const prices = await createPrices(stripe);
  const { id, items } = await stripe.subscriptions.create({
    customer: world.customer,
    items: [{ price: prices.monthly }],
  });
  const failing = await stripe.paymentMethods.attach(card, { customer: world.customer });
  await stripe.customers.update(world.customer, { invoice_settings: { default_payment_method: failing.id } });
  return { ...world, id, end: items.data[0]?.current_period_end ?? 0 };
}

const statusOf = async (id: string) => (await stripe.subscriptions.retrieve(id)).status;
const latestInvoice = async (id: string) => {
  const { latest_invoice: latest } = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
  return latest as Stripe.Invoice;
};

describe('a renewal that cannot be collected', () => {
  it('puts the subscription in arrears and is tried again after 3, 5 and 7 days; then the subscription ends', async () => {
    const { id, end, advance } = await subscribeThenFail();
    let next = end + HOUR;
    await advance(next);
    for (const days of [3, 5, 7]) {
      expect(await statusOf(id)).toBe('past_due');
      next += days * DAY;
      expect(await latestInvoice(id)).toMatchObject({ status: 'open', next_payment_attempt: next });
      await advance(next);
    }
    expect(await statusOf(id)).toBe('canceled');
    expect(await latestInvoice(id)).toMatchObject({
      status: 'open',
      attempt_count: 4,
      next_payment_attempt: null,
    });
    const ended = await stripe.subscriptions.retrieve(id);
    expect(ended.cancellation_details?.reason).toBe('payment_failed');
  });

  it('leaves the subscription unpaid when the account chose that, and its next invoices are drafts', async () => {
    await standIn.control('settings', { retryAfterDays: [1], afterRetries: 'unpaid' });
    const { id, end, advance } = await subscribeThenFail();
    await advance(end + 2 * DAY);
    expect(await statusOf(id)).toBe('unpaid');
    await advance(end + 40 * DAY);
    expect(await latestInvoice(id)).toMatchObject({ status: 'draft', auto_advance: false });
  });

  it('is settled by another card, and the subscription is active again', async () => {
    const { id, end, advance, customer } = await subscribeThenFail();
    await advance(end + HOUR);
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: good.id } });
    await advance(end + HOUR + 3 * DAY);
    expect(await statusOf(id)).toBe('active');
    expect(await latestInvoice(id)).toMatchObject({ status: 'paid', attempt_count: 2 });
  });

  it('can be paid by hand: a declined card is a card_error whose attempt remains', async () => {
    const { id, end, advance, customer } = await subscribeThenFail();
    await advance(end + HOUR);
    const { id: invoice } = await latestInvoice(id);
    await expect(stripe.invoices.pay(invoice)).rejects.toMatchObject({
      type: 'StripeCardError',
      code: 'card_declined',
    });
    const good = await stripe.paymentMethods.attach('pm_card_mastercard', { customer });
    expect(await stripe.invoices.pay(invoice, { payment_method: good.id })).toMatchObject({ status: 'paid' });
    expect(await statusOf(id)).toBe('active');
  });

  it('waits for the customer when the card requires authentication', async () => {
    const { id, end, advance } = await subscribeThenFail('pm_card_authenticationRequired');
    await advance(end + HOUR);
    const invoice = await stripe.invoices.retrieve((await latestInvoice(id)).id ?? '', {
      expand: ['payments.data.payment.payment_intent'],
    });
    const intent = invoice.payments?.data[0]?.payment.payment_intent as Stripe.PaymentIntent;
    expect(intent).toMatchObject({
      status: 'requires_action',
      last_payment_error: { code: 'authentication_required' },
    });
    const page = await fetch(invoice.hosted_invoice_url ?? '', { method: 'POST' });
    expect(await page.text()).toContain('paid');
    expect(await statusOf(id)).toBe('active');
  });

  it('fails once the card is past its date', async () => {
    const { customer, advance, end, id } = await subscribeThenFail('pm_card_visa');
    const method = await stripe.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 2, exp_year: 2027 },
    });
    await stripe.paymentMethods.attach(method.id, { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
    await advance(end + HOUR);
    expect(await statusOf(id)).toBe('active');
    await advance(end + 32 * DAY);
    expect(await statusOf(id)).toBe('past_due');
  });
});

describe('a first payment', () => {
  it('that fails leaves the subscription incomplete, and it expires after 23 hours', async () => {
    const { customer, advance } = await prepareCustomer(stripe, 'pm_card_chargeCustomerFail');
    const { monthly } = await createPrices(stripe);
    const { id, status } = await stripe.subscriptions.create({ customer, items: [{ price: monthly }] });
    expect(status).toBe('incomplete');
    await advance(START + 23 * HOUR);
    expect(await statusOf(id)).toBe('incomplete_expired');
    expect((await latestInvoice(id)).status).toBe('void');
  });

  it('that must not fail creates nothing when it does', async () => {
    const { customer } = await prepareCustomer(stripe, 'pm_card_chargeCustomerFail');
    const { monthly } = await createPrices(stripe);
    const params = {
      customer,
      items: [{ price: monthly }],
      payment_behavior: 'error_if_incomplete' as const,
    };
    await expect(stripe.subscriptions.create(params)).rejects.toMatchObject({
      statusCode: 402,
      decline_code: 'generic_decline',
    });
    expect((await stripe.subscriptions.list({ customer, status: 'all' })).data).toEqual([]);
    expect((await stripe.invoices.list({ customer })).data).toEqual([]);
  });

  it('that the customer makes later has a secret for the page, and then makes the subscription active', async () => {
    const { customer, method } = await prepareCustomer(stripe);
    const { monthly } = await createPrices(stripe);
    const created = await stripe.subscriptions.create({
      customer,
      items: [{ price: monthly }],
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.confirmation_secret'],
    });
    const invoice = created.latest_invoice as Stripe.Invoice;
    expect([created.status, invoice.confirmation_secret?.client_secret]).toEqual([
      'incomplete',
      expect.stringContaining('_secret_'),
    ]);
    await stripe.invoices.pay(invoice.id ?? '', { payment_method: method });
    expect(await statusOf(created.id)).toBe('active');
  });

  it('of a customer without a card is refused', async () => {
    const customer = await stripe.customers.create({});
    const { monthly } = await createPrices(stripe);
    const refused = stripe.subscriptions.create({ customer: customer.id, items: [{ price: monthly }] });
    await expect(refused).rejects.toThrow('no attached payment source');
  });
});

describe('cards', () => {
  it.each(['pm_card_chargeDeclined', 'pm_card_chargeDeclinedInsufficientFunds'])(
    'that are declined cannot be saved: %s',
    async (card) => {
      const customer = await stripe.customers.create({});
      await expect(stripe.paymentMethods.attach(card, { customer: customer.id })).rejects.toMatchObject({
        code: 'card_declined',
      });
      expect((await stripe.paymentMethods.list({ customer: customer.id })).data).toEqual([]);
    },
  );

  it('that are detached are no customer’s default any more', async () => {
    const { customer, method } = await prepareCustomer(stripe);
    await stripe.paymentMethods.detach(method);
    const { invoice_settings: settings } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
    expect(settings.default_payment_method).toBeNull();
  });
});

describe('money that is given back', () => {
  async function paidInvoice() {
    const world = await prepareCustomer(stripe);
    const { monthly } = await createPrices(stripe);
    const created = await stripe.subscriptions.create({
      customer: world.customer,
      items: [{ price: monthly }],
    });
    const invoice = await stripe.invoices.retrieve(created.latest_invoice as string, {
      expand: ['payments'],
    });
    const intent = invoice.payments?.data[0]?.payment.payment_intent as string;
    return { ...world, invoice: invoice.id ?? '', intent, subscription: created };
  }

  it('as refunds is never more than was paid', async () => {
    const { intent } = await paidInvoice();
    expect(await stripe.refunds.create({ payment_intent: intent, amount: 900 })).toMatchObject({
      status: 'succeeded',
      amount: 900,
    });
    await expect(stripe.refunds.create({ payment_intent: intent, amount: 4001 })).rejects.toThrow(
      /greater than/,
    );
    expect((await stripe.refunds.create({ payment_intent: intent })).amount).toBe(4000);
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    });
  });

  it('by a credit note goes to the card or to the balance, which the next invoice uses', async () => {
    const { invoice, customer, advance, subscription } = await paidInvoice();
    const note = await stripe.creditNotes.create({
      invoice,
      amount: 3000,
      refund_amount: 1000,
      credit_amount: 2000,
    });
    expect(note).toMatchObject({ type: 'post_payment', post_payment_amount: 3000, status: 'issued' });
    expect(note.refunds).toHaveLength(1);
    expect((await stripe.customers.retrieve(customer)) as Stripe.Customer).toMatchObject({ balance: -2000 });
    await expect(stripe.creditNotes.create({ invoice, amount: 2000, credit_amount: 2000 })).rejects.toThrow(
      /1900/,
    );
    await advance(periodOf(subscription).end + HOUR);
    expect(await latestInvoice(subscription.id)).toMatchObject({
      total: 4900,
      amount_due: 2900,
      amount_paid: 2900,
    });
  });

  it('before payment lowers what is due', async () => {
    const { id, end, advance } = await subscribeThenFail();
    await advance(end + HOUR);
    const { id: invoice } = await latestInvoice(id);
    await stripe.creditNotes.create({ invoice, amount: 900 });
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ amount_remaining: 4000, status: 'open' });
    await stripe.creditNotes.create({ invoice, amount: 4000 });
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ amount_remaining: 0, status: 'paid' });
  });

  it('is not needed when an open invoice is voided: it can no longer be paid', async () => {
    const { id, end, advance } = await subscribeThenFail();
    await advance(end + HOUR);
    const { id: invoice } = await latestInvoice(id);
    expect(await stripe.invoices.voidInvoice(invoice)).toMatchObject({
      status: 'void',
      next_payment_attempt: null,
    });
    await expect(stripe.invoices.pay(invoice)).rejects.toThrow(/void/);
  });
});
