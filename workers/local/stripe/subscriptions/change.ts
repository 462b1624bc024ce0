import type { Account } from '../account/account.ts';
import { nextPeriodEnd } from '../../stand-in/calendar.ts';
import type { Invoice, Item, Subscription } from '../account/stored.ts';
import { redeemAll } from '../catalog/discounts.ts';
import { ensureMethod } from '../customers/payment-methods.ts';
import { StripeFailure } from '../http/errors.ts';
import { mergeMetadata } from '../http/params.ts';
import { draftInvoice, invoiceOf } from '../invoices/draft.ts';
import { finalizeAndCollect } from '../invoices/finalize.ts';
import { scheduleTrialNotice, trialSettingsOf } from './create.ts';
import { changeItems, inPeriod, itemList } from './items.ts';
import { creditUnused, prorate } from './proration.ts';
import { currentPeriod, licenceLines, usageLines } from './renew.ts';
import type { SubscriptionChange } from './subscriptions.params.ts';

const nowOf = (account: Account, subscription: Subscription) => account.now(subscription.test_clock);

/** The end that a request plans, takes back, or leaves as it is. */
function plannedEnd(
  subscription: Subscription,
  change: SubscriptionChange,
  now: number,
): Partial<Subscription> {
  const { cancel_at_period_end: atPeriodEnd, cancel_at: cancelAt } = change;
  if (atPeriodEnd === undefined && cancelAt === undefined) return {};
  if (atPeriodEnd !== undefined && cancelAt !== undefined)
    throw StripeFailure.invalid(
      'Received both cancel_at and cancel_at_period_end parameters. Please pass in only one.',
      'cancel_at',
    );
  // What was planned for a date is taken back as a date.
  if (atPeriodEnd === false && !subscription.cancel_at_period_end) return {};
  const at = atPeriodEnd ? currentPeriod(subscription).end : (cancelAt ?? null);
  if (at === null)
    return {
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    };
  const details = { comment: null, feedback: null, feedback_option: null, ...change.cancellation_details };
  return {
    cancel_at: at,
    cancel_at_period_end: atPeriodEnd ?? false,
    canceled_at: now,
    cancellation_details: { ...details, reason: 'cancellation_requested' },
  };
}

/** The fields that a request sets and that move no money by themselves. */
function fieldsOf(
  account: Account,
  subscription: Subscription,
  change: SubscriptionChange,
): Partial<Subscription> {
  const { default_payment_method: method, default_tax_rates: rates, pause_collection: pause } = change;
  const customer = subscription.customer;
  const target = { customer, subscription: subscription.id, now: nowOf(account, subscription) };
  const set: Partial<Subscription> = { metadata: mergeMetadata(subscription.metadata, change.metadata) };
  if (change.description !== undefined) set.description = change.description;
  if (change.collection_method !== undefined) set.collection_method = change.collection_method;
  if (change.days_until_due !== undefined) set.days_until_due = change.days_until_due;
  if (change.trial_settings !== undefined)
    set.trial_settings = trialSettingsOf(change.trial_settings.end_behavior.missing_payment_method);
  if (change.automatic_tax !== undefined)
    set.automatic_tax = { ...subscription.automatic_tax, enabled: change.automatic_tax.enabled };
  if (method !== undefined)
    set.default_payment_method = method && ensureMethod(account, method, customer, 'default_payment_method');
  if (rates !== undefined)
    set.default_tax_rates = (rates ?? []).map((id) => account.store.get('tax_rate', id));
  if (pause !== undefined)
    set.pause_collection = pause && { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null };
  if (change.discounts !== undefined) set.discounts = redeemAll(account, change.discounts ?? [], target);
  return { ...set, ...plannedEnd(subscription, change, target.now) };
}

const intervalOf = (items: readonly Item[]) =>
  JSON.stringify(items.map(({ price }) => [price.recurring?.interval, price.recurring?.interval_count])[0]);

interface Repricing {
  before: Subscription;
  items: Item[];
  behavior: NonNullable<SubscriptionChange['proration_behavior']>;
  at: number;
}

/** Begins a new period now: the rest of the old one is given back, its usage is billed, and the new one is charged. */
function restart(account: Account, { before, items, behavior, at }: Repricing): Invoice {
  const isTrial = before.status === 'trialing';
  if (behavior !== 'none' && !isTrial) creditUnused(account, before, before.items.data, at);
  const used = usageLines(account, before, { start: currentPeriod(before).start, end: at });
  const interval = items[0]?.price.recurring ?? { interval: 'month', interval_count: 1 };
  const period = { start: at, end: nextPeriodEnd(at, interval, at) };
  const after = account.update('subscription', before.id, {
    billing_cycle_anchor: at,
    items: itemList(before.id, inPeriod(items, period)),
    ...(isTrial ? { status: 'active', trial_end: at } : {}),
    ...(before.cancel_at_period_end ? { cancel_at: period.end } : {}),
  });
  return draftInvoice(account, invoiceOf(after, 'subscription_update', period), [
    ...used,
    ...licenceLines(account, after, period),
  ]);
}

/** Changes prices and quantities within the period. */
function reprice(account: Account, { before, items, behavior, at }: Repricing): Invoice | undefined {
  const after = account.update('subscription', before.id, { items: itemList(before.id, items) });
  if (behavior === 'none' || before.status === 'trialing') return undefined;
  prorate(account, after, { before: before.items.data, after: items, at });
  const isInvoiced = behavior === 'always_invoice';
  const hasPending = account.store
    .all('invoiceitem')
    .some((item) => item.invoice === null && item.parent?.subscription_details?.subscription === before.id);
  if (!isInvoiced || !hasPending) return undefined;
  return draftInvoice(account, invoiceOf(after, 'subscription_update', { start: at, end: at }), []);
}

function prorationMoment(subscription: Subscription, change: SubscriptionChange, now: number): number {
  const at = change.proration_date ?? now;
  const { start, end } = currentPeriod(subscription);
  if (at < start || at > end)
    throw StripeFailure.invalid('The proration date must be within the current period.', 'proration_date');
  return at;
}

function moveTrial(account: Account, subscription: Subscription, end: number): void {
  if (end <= nowOf(account, subscription))
    throw StripeFailure.invalid('The trial must end in the future.', 'trial_end');
  const items = subscription.items.data.map((item) => ({ ...item, current_period_end: end }));
  const moved = account.update('subscription', subscription.id, {
    billing_cycle_anchor: end,
    items: itemList(subscription.id, items),
    status: 'trialing',
    trial_end: end,
    trial_start: subscription.trial_start ?? nowOf(account, subscription),
  });
  scheduleTrialNotice(account, moved);
}

/**
 * Applies a change and returns the draft that follows from it at once, if any. Previews and real changes both come here.
 * @throws StripeFailure when the subscription is over or the change is not possible
 */
export function applyChange(account: Account, id: string, change: SubscriptionChange): Invoice | undefined {
  const existing = account.store.get('subscription', id, 'subscription');
  if (existing.ended_at !== null)
    throw StripeFailure.invalid(
      'A canceled subscription can only update its cancellation_details and metadata.',
      'id',
    );
  const before = account.update('subscription', id, fieldsOf(account, existing, change));
  const now = nowOf(account, before);
  const items = change.items ? changeItems(account, before, change.items, now) : before.items.data;
  const endsTrial = change.trial_end === 'now' && before.status === 'trialing';
  const isNewInterval = intervalOf(items) !== intervalOf(before.items.data) && before.status !== 'trialing';
  const behavior = change.proration_behavior ?? 'create_prorations';
  if (typeof change.trial_end === 'number') moveTrial(account, before, change.trial_end);
  if (endsTrial || isNewInterval || change.billing_cycle_anchor === 'now')
    return restart(account, { before, items, behavior, at: now });
  if (change.items === undefined) return undefined;
  return reprice(account, {
    before: account.store.get('subscription', id),
    items,
    behavior,
    at: prorationMoment(before, change, now),
  });
}

/** Changes a subscription and collects what follows from it at once. */
export function changeSubscription(account: Account, id: string, change: SubscriptionChange): Subscription {
  const draft = applyChange(account, id, change);
  const declined = draft && finalizeAndCollect(account, draft.id).declined;
  if (declined && change.payment_behavior === 'error_if_incomplete')
    throw StripeFailure.declined(declined, false);
  return account.store.get('subscription', id);
}
