import type { Account } from '../account/account.ts';
import type { Subscription } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { draftInvoice, invoiceOf } from '../invoices/draft.ts';
import { finalizeAndCollect } from '../invoices/finalize.ts';
import { endSubscription } from './after-payment.ts';
import { creditUnused } from './proration.ts';
import { currentPeriod, usageLines } from './renew.ts';

/**
 * Ends a subscription at once.
 * @param how.prorate gives back the rest of the period as pending items
 * @param how.invoiceNow bills usage and pending items at once
 */
export function cancelSubscription(
  account: Account,
  id: string,
  how: { prorate: boolean; invoiceNow: boolean },
): Subscription {
  const subscription = account.store.get('subscription', id);
  if (subscription.ended_at !== null) throw StripeFailure.missing('subscription', id, 'id');
  const now = account.now(subscription.test_clock);
  if (how.prorate && subscription.status !== 'trialing')
    creditUnused(account, subscription, subscription.items.data, now);
  if (how.invoiceNow) {
    const period = { start: currentPeriod(subscription).start, end: now };
    const lines = usageLines(account, subscription, period);
    const draft = draftInvoice(account, invoiceOf(subscription, 'subscription_update', period), lines);
    finalizeAndCollect(account, draft.id);
  }
  const { status } = account.store.get('subscription', id);
  if (status === 'canceled') return account.store.get('subscription', id);
  return endSubscription(account, id, 'cancellation_requested');
}
