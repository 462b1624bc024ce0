import type { Account } from '../account/account.ts';
import type { Subscription } from '../account/stored.ts';

/** Unpaid amounts are no longer collected. */
function cancelOpenTransactions(account: Account, subscription: string): void {
  for (const { id, subscription_id: of, status } of account.store.all('transaction'))
    if (of === subscription && (status === 'past_due' || status === 'billed'))
      account.update('transaction', id, { status: 'canceled' }, 'canceled');
}

/** Ends a subscription. Its invoices do not change; unpaid amounts are not collected. */
export function endSubscription(account: Account, id: string): Subscription {
  cancelOpenTransactions(account, id);
  const now = account.nowIso();
  const { items, own } = account.store.get('subscription', id);
  return account.update(
    'subscription',
    id,
    {
      status: 'canceled',
      canceled_at: now,
      next_billed_at: null,
      current_billing_period: null,
      scheduled_change: null,
      management_urls: null,
      items: items.map((item) => ({ ...item, status: 'inactive', next_billed_at: null })),
      own: { ...own, pending: [] },
    },
    'canceled',
  );
}

export function pauseNow(account: Account, id: string, resumeAt: string | null): Subscription {
  const { items } = account.store.get('subscription', id);
  return account.update(
    'subscription',
    id,
    {
      status: 'paused',
      paused_at: account.nowIso(),
      next_billed_at: null,
      scheduled_change:
        resumeAt === null ? null : { action: 'resume', effective_at: resumeAt, resume_at: null },
      items: items.map((item) => ({ ...item, next_billed_at: null })),
    },
    'paused',
  );
}

/** @param isLast no attempt follows */
export function paymentFailed(account: Account, id: string, isLast: boolean): void {
  const { status } = account.store.get('subscription', id);
  if (status === 'canceled') return;
  if (status !== 'past_due') account.update('subscription', id, { status: 'past_due' }, 'past_due');
  if (!isLast) return;
  if (account.settings.afterRetries === 'cancel') endSubscription(account, id);
  else {
    cancelOpenTransactions(account, id);
    pauseNow(account, id, null);
  }
}

/** A subscription is no longer in arrears once nothing of it is past due. */
export function paymentSucceeded(account: Account, id: string): void {
  const owes = account.store
    .all('transaction')
    .some((each) => each.subscription_id === id && each.status === 'past_due');
  if (!owes && account.store.get('subscription', id).status === 'past_due')
    account.update('subscription', id, { status: 'active' });
}
