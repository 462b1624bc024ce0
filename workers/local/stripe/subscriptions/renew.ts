import type { Account } from '../account/account.ts';
import { nextPeriodEnd } from '../../stand-in/calendar.ts';
import { periodEnd } from '../account/due.ts';
import type { Invoice, Line, Subscription } from '../account/stored.ts';
import { closeInvoice } from '../invoices/close.ts';
import { draftInvoice, invoiceOf } from '../invoices/draft.ts';
import { finalize } from '../invoices/finalize.ts';
import { itemLine } from '../invoices/lines.ts';
import { endSubscription } from './after-payment.ts';
import { inPeriod, isMetered, itemList, type Period } from './items.ts';

/** The usage of a period, to be billed after it. Usage during a trial is free. */
export function usageLines(account: Account, subscription: Subscription, period: Period): Line[] {
  if (subscription.status === 'trialing') return [];
  const metered = subscription.items.data.filter(({ price }) => isMetered(price));
  return metered.map((item) => itemLine(account, subscription, item, period));
}

/** The licences of a period, to be billed before it. */
export function licenceLines(account: Account, subscription: Subscription, period: Period): Line[] {
  const licensed = subscription.items.data.filter(({ price }) => !isMetered(price));
  return licensed.map((item) => itemLine(account, subscription, item, period));
}

export function currentPeriod(subscription: Subscription): Period {
  const start = Math.max(...subscription.items.data.map((item) => item.current_period_start));
  return { start, end: periodEnd(subscription) };
}

/** Puts the items into the period that follows the current one. */
function advancePeriod(account: Account, subscription: Subscription): Subscription {
  const [first] = subscription.items.data;
  const { end } = currentPeriod(subscription);
  const interval = first?.price.recurring ?? { interval: 'month', interval_count: 1 };
  const next = { start: end, end: nextPeriodEnd(subscription.billing_cycle_anchor, interval, end) };
  const items = itemList(subscription.id, inPeriod(subscription.items.data, next));
  return account.update('subscription', subscription.id, { items, status: statusAfterTrial(subscription) });
}

const statusAfterTrial = ({ status }: Subscription) => (status === 'trialing' ? 'active' : status);

/** Begins the next period with a draft for it and for the usage of the last one. */
export function draftRenewal(account: Account, id: string): Invoice {
  const before = account.store.get('subscription', id);
  const after = advancePeriod(account, before);
  const used = usageLines(account, before, currentPeriod(before));
  const lines = [...used, ...licenceLines(account, after, currentPeriod(after))];
  const isCollected = after.status !== 'unpaid' && after.pause_collection?.behavior !== 'keep_as_draft';
  const params = invoiceOf(after, 'subscription_cycle', currentPeriod(before), isCollected);
  return draftInvoice(account, params, lines);
}

function renew(account: Account, id: string): void {
  const invoice = draftRenewal(account, id);
  const { pause_collection: pause } = account.store.get('subscription', id);
  if (pause === null || pause.behavior === 'keep_as_draft') return;
  if (finalize(account, invoice.id).status === 'open')
    closeInvoice(account, invoice.id, pause.behavior === 'void' ? 'void' : 'uncollectible');
}

/** Ends a subscription as planned; its usage is billed last. */
function endAsPlanned(account: Account, subscription: Subscription): void {
  const period = currentPeriod(subscription);
  const now = account.now(subscription.test_clock);
  const lines = usageLines(account, subscription, { start: period.start, end: Math.min(period.end, now) });
  if (lines.length > 0) draftInvoice(account, invoiceOf(subscription, 'subscription_cycle', period), lines);
  endSubscription(account, subscription.id, 'cancellation_requested');
}

function hasMethod(account: Account, subscription: Subscription): boolean {
  const customer = account.store.get('customer', subscription.customer);
  return (subscription.default_payment_method ?? customer.invoice_settings.default_payment_method) !== null;
}

function endTrial(account: Account, subscription: Subscription): void {
  const choice = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (hasMethod(account, subscription) || choice === 'create_invoice') renew(account, subscription.id);
  else if (choice === 'cancel') endSubscription(account, subscription.id, 'payment_failed');
  else account.announce('paused', account.update('subscription', subscription.id, { status: 'paused' }));
}

/** Gives up a subscription that was never paid for. */
function expire(account: Account, subscription: Subscription): void {
  closeInvoice(account, subscription.latest_invoice as string, 'void');
  const now = account.now(subscription.test_clock);
  account.update('subscription', subscription.id, { status: 'incomplete_expired', ended_at: now });
}

/** Does what has become due for a subscription. */
export function actOnSubscription(account: Account, id: string): void {
  const subscription = account.store.get('subscription', id);
  const now = account.now(subscription.test_clock);
  const resumesAt = subscription.pause_collection?.resumes_at ?? null;
  if (subscription.status === 'incomplete') expire(account, subscription);
  else if (subscription.cancel_at !== null && subscription.cancel_at <= now)
    endAsPlanned(account, subscription);
  else if (resumesAt !== null && resumesAt <= now)
    account.update('subscription', id, { pause_collection: null });
  else if (subscription.status === 'trialing' && (subscription.trial_end ?? now) <= now)
    endTrial(account, subscription);
  else renew(account, id);
}
