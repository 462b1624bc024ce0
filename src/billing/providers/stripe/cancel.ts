import type { Stripe } from 'stripe';
import type { PaymentProvider } from '../index.ts';
import { causeOf, type StripeCall } from './create-stripe-client.ts';
import { idOf } from './subscriptions.rules.ts';

/** Gives a payment back. Stripe knows a repeated request by its key for a day; after that it says that the money went back. */
async function refund(call: StripeCall, payment_intent: string, idempotencyKey: string): Promise<void> {
  try {
    await call((sdk) => sdk.refunds.create({ payment_intent }, { idempotencyKey }));
  } catch (error) {
    if (causeOf(error).code !== 'charge_already_refunded') throw error;
  }
}

/** Gives the payments of a subscription's last invoice back. */
async function refundLatest(
  call: StripeCall,
  { latest_invoice: latest }: Stripe.Subscription,
): Promise<void> {
  const invoice = idOf(latest);
  if (invoice === null) return;
  const payments = await call((sdk) => sdk.invoicePayments.list({ invoice, limit: 10 }));
  for (const { payment, status } of payments.data) {
    const intent = idOf(payment.payment_intent);
    if (intent === null || status !== 'paid') continue;
    await refund(call, intent, `refund/${invoice}/${intent}`);
  }
}

/**
 * See `PaymentProvider`. What was cancelled for a date, as in Stripe's dashboard, is taken back as a date: Stripe takes only one of
 * the two.
 */
export async function resume(call: StripeCall, id: string, idempotencyKey: string): Promise<void> {
  const { cancel_at, cancel_at_period_end } = await call((sdk) => sdk.subscriptions.retrieve(id));
  if (cancel_at === null) return;
  const params = cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' as const };
  await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey }));
}

/** See `PaymentProvider`. At once, what was used is still billed, and what is left of the period is paid back only if asked for. */
export async function cancel(
  call: StripeCall,
  id: string,
  { at, refund: isRefunded, key }: Parameters<PaymentProvider['cancel']>[1],
): Promise<void> {
  if (at === 'period_end') {
    const params = { cancel_at_period_end: true };
    await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey: key }));
    return;
  }
  const before = await call((sdk) => sdk.subscriptions.retrieve(id));
  // Refunded first: an attempt that stops in between leaves a subscription that lasts, which is ended and refunded again.
  if (isRefunded === true) await refundLatest(call, before);
  const params = { invoice_now: isRefunded !== true, prorate: false };
  if (before.ended_at === null)
    await call((sdk) => sdk.subscriptions.cancel(id, params, { idempotencyKey: key }));
}
