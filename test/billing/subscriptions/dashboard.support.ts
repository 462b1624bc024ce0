import { createPaddleWorld } from '../../support/payments/paddle.ts';
import { createStripeWorld } from '../../support/payments/stripe.ts';
import type { PROVIDERS, World } from './seats.support.ts';
import type { Billing } from './support.ts';

/** What follows when a payment has failed for the last time. `keeps`: the subscription gives nothing more, and can still be paid. */
export type LastFailure = 'waits' | 'keeps' | 'cancels';

/** The product with the stand-in of a provider, and what somebody does at the provider itself. */
export interface Dashboard {
  world: World;
  onLastFailure(what: LastFailure, retryAfterDays?: number[]): Promise<void>;
  /** Pays what is overdue with a card that works, as the customer does on pages of the provider. */
  payOverdue(billing: Billing): Promise<void>;
  cancelNow(subscription: string): Promise<void>;
  cancelLater(subscription: string): Promise<void>;
  /** Begins another subscription of the customer, to pro, as by a second page that is completed at the same time. */
  subscribeAgain(customer: string): Promise<string>;
  /** Begins a subscription of the customer to something that is not of the catalogue. */
  subscribeToOther(customer: string): Promise<string>;
  /** Whether the provider says that a subscription has ended. */
  hasEnded(subscription: string): Promise<boolean>;
  /** What went back to the customer's card, in cents. */
  refunds(customer: string): Promise<number[]>;
  /** Creates a code that takes half off the first payment. */
  createCode(code: string): Promise<void>;
  /** Gives so many cents of a paid invoice back, by its number; nothing is noted with it. */
  refund(customer: string, invoiceNumber: string, cents: number): Promise<void>;
}

const DAYS = [3, 5, 7];

/** Another card, entered in the portal by the customer. */
export async function enterCard(billing: Billing, number: string): Promise<void> {
  const { url } = (await billing.send('POST', 'portal', {})).body;
  const body = new URLSearchParams({ action: 'card', number, month: '12', year: '2050' });
  const page = await (await fetch(url, { method: 'POST', body })).text();
  if (page.includes('role="alert"')) throw new Error(page);
}

async function atStripe(fetcher?: typeof fetch): Promise<Dashboard> {
  const world = await createStripeWorld({}, fetcher);
  const { stripe } = world;
  const after = { waits: 'past_due', keeps: 'unpaid', cancels: 'cancel' } as const;
  const begin = async (customer: string, price: string) => {
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    const items = [{ price }];
    return (await stripe.subscriptions.create({ customer, items, default_payment_method: method.id })).id;
  };
  return {
    world,
    onLastFailure: (what, retryAfterDays = DAYS) =>
      world.control('settings', { retryAfterDays, afterRetries: after[what] }),
    async payOverdue(billing) {
      const { customer, subscription } = await billing.stripeIds();
      const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
      await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
      await stripe.subscriptions.update(subscription, { default_payment_method: id });
      const { data } = await stripe.invoices.list({ subscription, status: 'open' });
      for (const invoice of data) await stripe.invoices.pay(invoice.id);
    },
    async cancelNow(subscription) {
      await stripe.subscriptions.cancel(subscription);
    },
    async cancelLater(subscription) {
      await stripe.subscriptions.update(subscription, { cancel_at_period_end: true });
    },
    async subscribeAgain(customer) {
      const { data } = await stripe.prices.list({ lookup_keys: ['auralink_pro_monthly_v1'] });
      return begin(customer, data[0]!.id);
    },
    async subscribeToOther(customer) {
      const { id: product } = await stripe.products.create({ name: 'Training' });
      const recurring = { interval: 'month' } as const;
      const price = await stripe.prices.create({ currency: 'usd', product, unit_amount: 20_000, recurring });
      return begin(customer, price.id);
    },
    hasEnded: async (subscription) =>
      (await stripe.subscriptions.retrieve(subscription)).status === 'canceled',
    async refunds(customer) {
      const { data } = await stripe.refunds.list({ limit: 100 });
      return data
        .filter((each) => (each as { customer?: string }).customer === customer)
        .map(({ amount }) => amount);
    },
    async createCode(code) {
      const { id: coupon } = await stripe.coupons.create({ percent_off: 50 });
      await stripe.promotionCodes.create({ code, promotion: { type: 'coupon', coupon } });
    },
    async refund(customer, invoiceNumber, amount) {
      const { data } = await stripe.invoices.list({ customer, limit: 100 });
      const { id } = data.find(({ number }) => number === invoiceNumber)!;
      const payments = await stripe.invoicePayments.list({ invoice: id });
      const payment_intent = payments.data[0]!.payment.payment_intent as string;
      await stripe.refunds.create({ payment_intent, amount });
    },
  };
}

interface Transaction {
  id: string;
  invoice_number: string | null;
  subscription_id: string | null;
  checkout: { url: string } | null;
  details: { line_items: { id: string }[] };
}

const MONTHLY = { billing_cycle: { interval: 'month', frequency: 1 } };

async function atPaddle(fetcher?: typeof fetch): Promise<Dashboard> {
  const world = await createPaddleWorld(fetcher);
  const send = async <T>(request: string, body?: object) => (await world.send(request, body)) as T;
  const begin = async (customer: string, price: string) => {
    const items = [{ price_id: price, quantity: 1 }];
    const { id, checkout } = await send<Transaction>('POST /transactions', { items, customer_id: customer });
    const card = { number: '4242424242424242', month: '12', year: '2050', country: 'US' };
    await fetch(checkout!.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(card) });
    return (await send<Transaction>(`GET /transactions/${id}`)).subscription_id!;
  };
  const listTransactions = (query: string) => send<Transaction[]>(`GET /transactions?per_page=200&${query}`);
  const cancel = (subscription: string, effective_from: string) =>
    world.send(`POST /subscriptions/${subscription}/cancel`, { effective_from });
  return {
    world,
    // There is no last attempt within the time of these tests, where the provider is to wait.
    onLastFailure: (what, retryAfterDays = DAYS) =>
      world.control('settings', {
        retryAfterDays: what === 'waits' ? [...retryAfterDays, 60] : retryAfterDays,
        afterRetries: what === 'keeps' ? 'pause' : 'cancel',
      }),
    async payOverdue(billing) {
      const { subscription } = await billing.stripeIds();
      for (const { id } of await listTransactions(`status=past_due&subscription_id=${subscription}`))
        await world.completeCheckout(`${world.url}/pay?_ptxn=${id}`);
    },
    cancelNow: async (subscription) => void (await cancel(subscription, 'immediately')),
    cancelLater: async (subscription) => void (await cancel(subscription, 'next_billing_period')),
    async subscribeAgain(customer) {
      const prices =
        await send<{ id: string; custom_data: { auralink_price?: string } | null }[]>(
          'GET /prices?per_page=200',
        );
      const key = 'auralink_pro_monthly_v1';
      return begin(customer, prices.find((each) => each.custom_data?.auralink_price === key)!.id);
    },
    async subscribeToOther(customer) {
      const { id: product_id } = await send<{ id: string }>('POST /products', {
        name: 'Training',
        tax_category: 'saas',
      });
      const unit_price = { amount: '20000', currency_code: 'USD' };
      const body = { product_id, description: 'Training', unit_price, ...MONTHLY };
      return begin(customer, (await send<{ id: string }>('POST /prices', body)).id);
    },
    hasEnded: async (subscription) =>
      (await send<{ status: string }>(`GET /subscriptions/${subscription}`)).status === 'canceled',
    async refunds(customer) {
      const all = await send<{ totals: { total: string } }[]>(`GET /adjustments?customer_id=${customer}`);
      return all.map(({ totals }) => Number(totals.total));
    },
    async createCode(code) {
      await world.send('POST /discounts', { description: code, type: 'percentage', amount: '50', code });
    },
    async refund(customer, invoiceNumber, cents) {
      const all = await listTransactions(`customer_id=${customer}`);
      const { id, details } = all.find((each) => each.invoice_number === invoiceNumber)!;
      const items = [{ item_id: details.line_items[0]!.id, type: 'partial', amount: String(cents) }];
      const body = { action: 'refund', transaction_id: id, reason: 'Outage', items };
      await world.send('POST /adjustments', body);
    },
  };
}

/** @param fetcher what the product's requests to the provider go through */
export const openDashboard = (
  provider: (typeof PROVIDERS)[number],
  fetcher?: typeof fetch,
): Promise<Dashboard> => (provider === 'stripe' ? atStripe(fetcher) : atPaddle(fetcher));
