import type { Stripe } from 'stripe';
import type { PaymentProvider } from '../providers/index.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { idOf } from './subscriptions.rules.ts';

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
    const params = { payment_intent: intent };
    await call((sdk) => sdk.refunds.create(params, { idempotencyKey: `refund/${invoice}/${intent}` }));
  }
}

/** See `PaymentProvider`. At once, what was used is still billed, and what is left of the period is paid back only if asked for. */
export async function cancel(
  call: StripeCall,
  id: string,
  { at, refund, key }: Parameters<PaymentProvider['cancel']>[1],
): Promise<void> {
  if (at === 'period_end') {
    const params = { cancel_at_period_end: true };
    await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey: key }));
    return;
  }
  const before = await call((sdk) => sdk.subscriptions.retrieve(id));
  const params = { invoice_now: refund !== true, prorate: false };
  if (before.ended_at === null)
    await call((sdk) => sdk.subscriptions.cancel(id, params, { idempotencyKey: key }));
  if (refund === true) await refundLatest(call, before);
}
