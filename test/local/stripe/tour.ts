import type Stripe from 'stripe';
import { createPrices, DAY, periodOf, prepareCustomer, START } from './support.ts';

async function catalogue(stripe: Stripe) {
  const prices = await createPrices(stripe);
  const meter = await stripe.billing.meters.create({
    display_name: 'Minutes',
    event_name: 'minutes',
    default_aggregation: { formula: 'sum' },
    customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
    value_settings: { event_payload_key: 'value' },
  });
  const metered = await stripe.prices.create({
    currency: 'usd',
    product: prices.product,
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 1000, unit_amount: 0 },
      { up_to: 'inf', unit_amount: 1 },
    ],
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    lookup_key: 'minutes',
    transfer_lookup_key: true,
    nickname: 'Minutes',
    metadata: { version: '1' },
  });
  await stripe.prices.list({
    lookup_keys: ['minutes'],
    active: true,
    type: 'recurring',
    expand: ['data.product'],
  });
  await stripe.prices.update(metered.id, { nickname: 'Participant minutes' });
  await stripe.products.list({ active: true });
  const coupon = await stripe.coupons.create({
    percent_off: 10,
    duration: 'repeating',
    duration_in_months: 3,
    name: 'Ten',
  });
  const code = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
    code: 'TEN',
  });
  await stripe.promotionCodes.list({ code: 'TEN', active: true });
  const rate = await stripe.taxRates.create({
    display_name: 'VAT',
    percentage: 20,
    inclusive: false,
    country: 'DE',
  });
  return { ...prices, meter, metered: metered.id, code: code.id, rate: rate.id };
}

async function usage(stripe: Stripe, meter: Stripe.Billing.Meter, customer: string) {
  await stripe.billing.meterEvents.create({
    event_name: meter.event_name,
    payload: { stripe_customer_id: customer, value: '1200' },
    identifier: 'bucket:1',
    timestamp: START + DAY,
  });
  await stripe.billing.meterEventAdjustments.create({
    event_name: meter.event_name,
    type: 'cancel',
    cancel: { identifier: 'bucket:1' },
  });
  await stripe.billing.meters.listEventSummaries(meter.id, {
    customer,
    start_time: START,
    end_time: START + DAY,
  });
}

async function invoicesOf(stripe: Stripe, subscription: string, customer: string) {
  await stripe.invoices.list({ customer, subscription, status: 'paid', limit: 5 });
  await stripe.invoiceItems.create({ customer, amount: 500, currency: 'usd', description: 'Set-up' });
  const draft = await stripe.invoices.create({
    customer,
    auto_advance: false,
    collection_method: 'charge_automatically',
  });
  await stripe.invoices.update(draft.id, { description: 'Set-up' });
  await stripe.invoices.listLineItems(draft.id);
  await stripe.invoices.finalizeInvoice(draft.id);
  await stripe.invoices.pay(draft.id);
  const paid = await stripe.invoices.retrieve(draft.id, { expand: ['payments'] });
  const intent = paid.payments?.data[0]?.payment.payment_intent as string;
  await stripe.paymentIntents.retrieve(intent);
  await stripe.refunds.create({ payment_intent: intent, amount: 100, reason: 'requested_by_customer' });
  await stripe.creditNotes.create({
    invoice: draft.id,
    amount: 100,
    credit_amount: 100,
    reason: 'order_change',
  });
  await stripe.creditNotes.create(
    { invoice: draft.id, amount: 100, refund_amount: 100, memo: 'Set-up failed', metadata: { key: 'one' } },
    { idempotencyKey: 'credit/one' },
  );
  await stripe.creditNotes.list({ invoice: draft.id });
  await stripe.refunds.list({ payment_intent: intent });
  await stripe.invoicePayments.list({ invoice: draft.id, limit: 10 });
  const unpaid = await stripe.invoices.create({ customer, auto_advance: false });
  await stripe.invoiceItems.create({ customer, amount: 500, currency: 'usd', invoice: unpaid.id });
  await stripe.invoices.finalizeInvoice(unpaid.id);
  await stripe.creditNotes.create({ invoice: unpaid.id, amount: 100 });
  await stripe.invoices.voidInvoice(unpaid.id);
}

/** What a subscription goes through beside changes of its price. */
async function steps(stripe: Stripe, id: string, end: number) {
  await stripe.subscriptions.retrieve(id);
  await stripe.subscriptions.update(id, { cancel_at: end - DAY });
  await stripe.subscriptions.update(id, { cancel_at: '' });
  await stripe.subscriptions.update(id, {
    pause_collection: { behavior: 'keep_as_draft' },
    metadata: { auralink_paused_period: '1', auralink_resumes_at: '' },
  });
  await stripe.subscriptions.update(id, {
    pause_collection: '',
    billing_cycle_anchor: { type: 'now' },
    proration_behavior: 'none',
    payment_behavior: 'allow_incomplete',
  });
}

async function pages(stripe: Stripe, customer: string, price: string) {
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price, quantity: 1 }],
    success_url: 'http://localhost/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://localhost/back',
    client_reference_id: 'org_1',
    allow_promotion_codes: true,
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    customer_update: { address: 'auto', name: 'auto' },
    subscription_data: { metadata: { organization: 'org_1' }, trial_period_days: 14 },
    metadata: { organization: 'org_1' },
  });
  await stripe.checkout.sessions.retrieve(session.id);
  await stripe.checkout.sessions.expire(session.id);
  await stripe.billingPortal.sessions.create({ customer, return_url: 'http://localhost/back' });
}

/** Every kind of call that the product makes of Stripe, and the others that the stand-in has. */
export async function tour(stripe: Stripe): Promise<void> {
  const { customer, method, advance } = await prepareCustomer(stripe);
  await stripe.customers.update(customer, {
    name: 'Northwind',
    address: { country: 'DE', city: 'Berlin', line1: 'Street 1', postal_code: '10115' },
    metadata: { organization: 'org_1' },
  });
  await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' });
  await stripe.customers.listPaymentMethods(customer, { type: 'card' });
  const { monthly, enterprise, meter, metered, code, rate } = await catalogue(stripe);
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: monthly, quantity: 2 }, { price: metered }],
    default_payment_method: method,
    default_tax_rates: [rate],
    discounts: [{ promotion_code: code }],
    payment_behavior: 'error_if_incomplete',
    metadata: { organization: 'org_1' },
    trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
    expand: ['latest_invoice'],
  });
  const { id } = subscription;
  await advance(START + 2 * DAY);
  await usage(stripe, meter, customer);
  const item = subscription.items.data[0]?.id ?? '';
  const details = {
    items: [{ id: item, price: enterprise, quantity: 1 }],
    proration_behavior: 'always_invoice' as const,
  };
  await stripe.invoices.createPreview({
    subscription: id,
    subscription_details: { ...details, proration_date: START + 2 * DAY },
  });
  await stripe.subscriptions.update(id, details);
  const { items } = await stripe.subscriptions.update(id, {
    items: [{ price: monthly, quantity: 3 }],
    proration_behavior: 'none',
    payment_behavior: 'error_if_incomplete',
  });
  const seats = items.data.find(({ price }) => price.id === monthly)?.id ?? '';
  await stripe.subscriptions.update(id, {
    items: [{ id: seats, deleted: true }],
    proration_behavior: 'none',
  });
  await stripe.subscriptions.update(id, {
    pause_collection: { behavior: 'void' },
    cancel_at_period_end: true,
  });
  await stripe.subscriptions.update(id, { pause_collection: '', cancel_at_period_end: false });
  await stripe.subscriptionItems.list({ subscription: id });
  await steps(stripe, id, periodOf(subscription).end);
  await invoicesOf(stripe, id, customer);
  await pages(stripe, customer, monthly);
  await advance(periodOf(subscription).end + DAY);
  await stripe.subscriptions.list({ customer, status: 'all' });
  await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true });
  const trial = await stripe.subscriptions.create({
    customer,
    items: [{ price: monthly }],
    trial_period_days: 3,
  });
  const endsNow = { trial_end: 'now', payment_behavior: 'error_if_incomplete' } as const;
  await stripe.subscriptions.update(trial.id, endsNow);
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'http://localhost:1/',
    enabled_events: ['*'],
  });
  await stripe.webhookEndpoints.del(endpoint.id);
  await stripe.customers.retrieve(customer);
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  await stripe.paymentMethods.retrieve(method);
  await stripe.paymentMethods.detach(method);
  await stripe.billing.meters.list({ status: 'active', limit: 100 });
  await stripe.prices.retrieve(metered);
  await stripe.events.list({ types: ['invoice.paid'], limit: 3 });
  await stripe.customers.del(customer);
}
