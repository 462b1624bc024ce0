import type { Account } from '../account/account.ts';
import type { Invoice, Subscription } from '../account/stored.ts';

/** Ends a subscription; its invoices stay as they are and are no longer collected by themselves. */
export function endSubscription(
  account: Account,
  id: string,
  reason: 'cancellation_requested' | 'payment_failed',
): Subscription {
  const subscription = account.store.get('subscription', id);
  const now = account.now(subscription.test_clock);
  for (const invoice of account.store.all('invoice'))
    if (
      invoice.parent?.subscription_details?.subscription === id &&
      invoice.auto_advance &&
      invoice.status === 'open'
    )
      account.update('invoice', invoice.id, { auto_advance: false, next_payment_attempt: null });
  return account.update(
    'subscription',
    id,
    {
      status: 'canceled',
      canceled_at: subscription.canceled_at ?? now,
      ended_at: now,
      cancellation_details: {
        comment: null,
        feedback: null,
        feedback_option: null,
        ...subscription.cancellation_details,
        reason,
      },
    },
    'deleted',
  );
}

/** A paid invoice makes a subscription active: its first one, or the latest one of a subscription in arrears. */
export function paymentSucceeded(account: Account, id: string, invoice: Invoice): void {
  const { status, latest_invoice: latest } = account.store.get('subscription', id);
  const isFirst = status === 'incomplete' && invoice.billing_reason === 'subscription_create';
  const isInArrears = (status === 'past_due' || status === 'unpaid') && latest === invoice.id;
  if (isFirst || isInArrears) account.update('subscription', id, { status: 'active' });
}

/** A failed payment puts a subscription in arrears; after the last attempt the settings decide what becomes of it. */
export function paymentFailed(account: Account, id: string, invoice: Invoice): void {
  const { status } = account.store.get('subscription', id);
  if (status === 'active' || status === 'trialing')
    account.update('subscription', id, { status: 'past_due' });
  const isFirst = invoice.billing_reason === 'subscription_create';
  const hasMore = invoice.next_payment_attempt !== null || invoice.auto_advance !== true;
  if (isFirst || hasMore || status === 'canceled') return;
  const { afterRetries } = account.settings;
  if (afterRetries === 'cancel') endSubscription(account, id, 'payment_failed');
  else if (afterRetries === 'unpaid') account.update('subscription', id, { status: 'unpaid' });
}
