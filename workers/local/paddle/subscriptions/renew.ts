import type { Account } from '../account/account.ts';
import { toSeconds } from '../account/moments.ts';
import type { OnResume, Span, Subscription, Transaction } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { billSubscription } from '../transactions/create.ts';
import { collectFromSaved } from '../transactions/collect.ts';
import { orderedOf, periodFrom, wholeLine } from './periods.ts';

/** Puts a subscription into a period that is billed. */
function enterPeriod(
  account: Account,
  subscription: Subscription,
  period: Span,
  anchor: number,
): Subscription {
  const { id, items, own, first_billed_at: first, status } = subscription;
  return account.update(
    'subscription',
    id,
    {
      status: 'active',
      first_billed_at: first ?? period.starts_at,
      current_billing_period: period,
      next_billed_at: period.ends_at,
      paused_at: null,
      scheduled_change: status === 'paused' ? null : subscription.scheduled_change,
      items: items.map((item) => ({
        ...item,
        status: 'active',
        previously_billed_at: period.starts_at,
        next_billed_at: period.ends_at,
      })),
      own: { ...own, anchor, pending: [] },
    },
    status === 'trialing' ? 'activated' : status === 'paused' ? 'resumed' : 'updated',
  );
}

/** Bills a period and what waits for it. */
function billPeriod(account: Account, subscription: Subscription, period: Span, anchor: number): Transaction {
  const lines = [...orderedOf(account, subscription).map(wholeLine), ...subscription.own.pending];
  const after = enterPeriod(account, subscription, period, anchor);
  return billSubscription(account, after, { lines, origin: 'subscription_recurring', period });
}

/** The invoice of the period that follows the current one. */
export function billRenewal(account: Account, id: string): Transaction {
  const subscription = account.store.get('subscription', id);
  const { own, billing_cycle: cycle, next_billed_at: next } = subscription;
  const start = next === null ? account.now() : toSeconds(next);
  return billPeriod(account, subscription, periodFrom(start, own.anchor, cycle), own.anchor);
}

/** Ends a pause: the rest of the period is used, or another period begins and is billed. */
export function resumeNow(account: Account, id: string, how: OnResume): void {
  const subscription = account.store.get('subscription', id);
  const { current_billing_period: period, billing_cycle: cycle, items } = subscription;
  if (how === 'continue_existing_billing_period' && period !== null && period.ends_at > account.nowIso()) {
    account.update(
      'subscription',
      id,
      {
        status: 'active',
        paused_at: null,
        next_billed_at: period.ends_at,
        scheduled_change: null,
        items: items.map((item) => ({ ...item, next_billed_at: period.ends_at })),
      },
      'resumed',
    );
    return;
  }
  const now = account.now();
  const bill = billPeriod(account, subscription, periodFrom(now, now, cycle), now);
  collectFromSaved(account, bill.id);
}

/** Ends a trial: the first period begins now, and is billed. */
export function activateNow(account: Account, id: string): void {
  const subscription = account.store.get('subscription', id);
  if (subscription.status !== 'trialing')
    throw new PaddleFailure(
      400,
      'subscription_cannot_activate',
      `Only subscriptions which have status 'trialing' can be activated. Subscription status is '${subscription.status}'`,
    );
  const now = account.now();
  const bill = billPeriod(account, subscription, periodFrom(now, now, subscription.billing_cycle), now);
  collectFromSaved(account, bill.id);
}

export function renew(account: Account, id: string): void {
  collectFromSaved(account, billRenewal(account, id).id);
}
