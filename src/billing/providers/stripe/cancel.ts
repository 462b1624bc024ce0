import type { Stripe } from 'stripe';
import { type CancelOutcome, type ChangeOptions, type PaymentProvider, requireAsDecided } from '../index.ts';
import { causeOf, type StripeCall } from './create-stripe-client.ts';
import { runChange } from './run-change.ts';
import { idOf, toProviderSubscription } from './subscriptions.rules.ts';

/**
 * Refunds a payment. Stripe recognizes a repeated request by its key for a day; later it answers that the payment was
 * refunded.
 */
async function refund(call: StripeCall, payment_intent: string, key: string): Promise<void> {
  try {
    await runChange(key, (idempotencyKey) =>
      call((sdk) => sdk.refunds.create({ payment_intent }, { idempotencyKey })),
    );
  } catch (error) {
    if (causeOf(error).code !== 'charge_already_refunded') throw error;
  }
}

/** An invoice without a payment in progress can no longer be paid. */
const voidUnpaid = (call: StripeCall, id: string): Promise<void> =>
  runChange(`void/${id}`, async (idempotencyKey) => {
    const { status } = await call((sdk) => sdk.invoices.retrieve(id));
    if (status === 'open') await call((sdk) => sdk.invoices.voidInvoice(id, {}, { idempotencyKey }));
  });

/**
 * Refunds the payments of a subscription's last invoice.
 * @returns whether one of them is still being processed; debits take days
 */
async function refundLatest(
  call: StripeCall,
  { latest_invoice: latest }: Stripe.Subscription,
): Promise<boolean> {
  const invoice = idOf(latest);
  if (invoice === null) return false;
  let isPending = false;
  const payments = await call((sdk) => sdk.invoicePayments.list({ invoice, limit: 10 }));
  for (const { payment, status } of payments.data) {
    const intent = idOf(payment.payment_intent);
    if (intent === null) continue;
    if (status === 'paid') await refund(call, intent, `refund/${invoice}/${intent}`);
    else if (status === 'open')
      isPending ||= (await call((sdk) => sdk.paymentIntents.retrieve(intent))).status === 'processing';
  }
  if (!isPending) await voidUnpaid(call, invoice);
  return isPending;
}

/**
 * See `PaymentProvider`. A cancellation for a date, as in Stripe's dashboard, is taken back by the date: Stripe accepts
 * only one of the two fields.
 */
export const resume = (call: StripeCall, id: string, { key, decidedOn }: ChangeOptions): Promise<void> =>
  runChange(key, async (idempotencyKey) => {
    const subscription = await call((sdk) => sdk.subscriptions.retrieve(id));
    const { cancel_at, cancel_at_period_end } = subscription;
    if (cancel_at === null) return;
    requireAsDecided(toProviderSubscription(subscription), decidedOn);
    const params = cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' as const };
    await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey }));
  });

/** Ends a subscription, unless an attempt that failed has ended it. */
async function endNow(
  call: StripeCall,
  before: Stripe.Subscription,
  invoice_now: boolean,
  key: string,
): Promise<void> {
  const { id } = before;
  await runChange(key, async (idempotencyKey, isFirst) => {
    const { ended_at } = isFirst ? before : await call((sdk) => sdk.subscriptions.retrieve(id));
    if (ended_at !== null) return;
    await call((sdk) => sdk.subscriptions.cancel(id, { invoice_now, prorate: false }, { idempotencyKey }));
  });
}

/** Cancels a subscription with the end of its period, unless that is planned already. */
const endWithPeriod = (call: StripeCall, id: string, { key, decidedOn }: ChangeOptions): Promise<void> =>
  runChange(key, async (idempotencyKey) => {
    const subscription = await call((sdk) => sdk.subscriptions.retrieve(id));
    if (subscription.cancel_at_period_end) return;
    requireAsDecided(toProviderSubscription(subscription), decidedOn);
    const params = { cancel_at_period_end: true };
    await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey }));
  });

/**
 * See `PaymentProvider`. If it ends at once, usage is still billed, and the rest of the period is paid back only on
 * request.
 */
export async function cancel(
  call: StripeCall,
  id: string,
  options: Parameters<PaymentProvider['cancel']>[1],
): Promise<CancelOutcome> {
  const { at, refund: isRefunded, key, decidedOn } = options;
  if (at === 'period_end') {
    await endWithPeriod(call, id, options);
    return { isRefundPending: false };
  }
  const before = await call((sdk) => sdk.subscriptions.retrieve(id));
  if (before.ended_at === null) requireAsDecided(toProviderSubscription(before), decidedOn);
  // Refunded first: an attempt that stops in between leaves a running subscription, which is then refunded and ended
  // again.
  const isRefundPending = isRefunded === true && (await refundLatest(call, before));
  await endNow(call, before, isRefunded !== true, key);
  return { isRefundPending };
}
