import type { Account } from '../account/account.ts';
import { nextPeriodEnd } from '../../stand-in/calendar.ts';
import { TRIAL_NOTICE_SECONDS } from '../account/due.ts';
import type { Item, Rows, Subscription } from '../account/stored.ts';
import { redeemAll } from '../catalog/discounts.ts';
import { ensureMethod } from '../customers/payment-methods.ts';
import { StripeFailure } from '../http/errors.ts';
import { mergeMetadata } from '../http/params.ts';
import { awaitPayment } from '../invoices/collect.ts';
import { draftInvoice, invoiceOf } from '../invoices/draft.ts';
import { finalize, finalizeAndCollect } from '../invoices/finalize.ts';
import { itemLine, trialLine } from '../invoices/lines.ts';
import { checkItems, isMetered, itemList, newItem, type Period } from './items.ts';
import type { NewSubscription } from './subscriptions.params.ts';

const DAY = 86_400;

const NOTHING = {
  object: 'subscription',
  application: null,
  application_fee_percent: null,
  billing_cycle_anchor_config: null,
  billing_mode: { type: 'flexible', flexible: { proration_discounts: 'included' } },
  billing_schedules: [],
  billing_thresholds: null,
  cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
  canceled_at: null,
  customer_account: null,
  default_source: null,
  discounts: [],
  ended_at: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
  latest_invoice: null,
  livemode: false,
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  transfer_data: null,
} satisfies Partial<Subscription>;

function trialEnd(params: NewSubscription, now: number): number | null {
  if (params.trial_end === 'now') return null;
  const end = params.trial_end ?? (params.trial_period_days ? now + params.trial_period_days * DAY : null);
  if (end !== null && end <= now)
    throw StripeFailure.invalid('The trial must end in the future.', 'trial_end');
  return end;
}

function ratesOf(account: Account, ids: readonly string[] | null | undefined): Rows['tax_rate'][] {
  return (ids ?? []).map((id) => account.store.get('tax_rate', id, 'default_tax_rates'));
}

function firstPeriod(account: Account, params: NewSubscription, now: number, trial: number | null): Period {
  if (trial !== null) return { start: now, end: trial };
  const anchor = params.billing_cycle_anchor ?? now;
  if (anchor > now) return { start: now, end: anchor };
  const { recurring } = account.store.get('price', params.items[0]?.price ?? '', 'items[0][price]');
  if (recurring === null) throw StripeFailure.invalid('The price is not recurring.', 'items[0][price]');
  return { start: now, end: nextPeriodEnd(anchor, recurring, now) };
}

export const trialSettingsOf = (missing = 'create_invoice'): Subscription['trial_settings'] => ({
  end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing },
});

interface NewParts {
  id: string;
  now: number;
  trial: number | null;
  period: Period;
  items: Item[];
}

function buildSubscription(account: Account, params: NewSubscription, parts: NewParts): Subscription {
  const { id, now, trial, period, items } = parts;
  const method = params.default_payment_method;
  const cancelAt = params.cancel_at_period_end ? period.end : (params.cancel_at ?? null);
  return {
    ...NOTHING,
    id,
    automatic_tax: {
      disabled_reason: null,
      enabled: params.automatic_tax?.enabled ?? false,
      liability: params.automatic_tax?.enabled ? { type: 'self' } : null,
    },
    billing_cycle_anchor: trial ?? params.billing_cycle_anchor ?? now,
    cancel_at: cancelAt,
    cancel_at_period_end: params.cancel_at_period_end ?? false,
    collection_method: params.collection_method ?? 'charge_automatically',
    created: now,
    currency: items[0]?.price.currency ?? 'usd',
    customer: params.customer,
    days_until_due: params.days_until_due ?? null,
    default_payment_method: method
      ? ensureMethod(account, method, params.customer, 'default_payment_method')
      : null,
    default_tax_rates: ratesOf(account, params.default_tax_rates),
    description: params.description ?? null,
    items: itemList(id, items),
    metadata: mergeMetadata({}, params.metadata),
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
    },
    start_date: now,
    status: trial === null ? 'incomplete' : 'trialing',
    test_clock: account.clockOf(params.customer),
    trial_end: trial,
    trial_settings: trialSettingsOf(params.trial_settings?.end_behavior.missing_payment_method),
    trial_start: trial === null ? null : now,
  };
}

/** Announces that a trial is about to end, three days before it does or at once. */
export function scheduleTrialNotice(account: Account, subscription: Subscription): void {
  if (subscription.trial_end === null) return;
  const at = Math.max(subscription.trial_end - TRIAL_NOTICE_SECONDS, account.nowOf(subscription.customer));
  const clock = subscription.test_clock;
  const id = `trial_notice_${subscription.id}`;
  account.store.put({ id, object: 'stand_in.trial_notice', subscription: subscription.id, clock, at });
}

/** The first invoice: of the trial, which is free, or of the first period, which is collected at once. */
function firstInvoice(
  account: Account,
  subscription: Subscription,
  period: Period,
  params: NewSubscription & { onSession: boolean },
): void {
  const licensed = subscription.items.data.filter(({ price }) => !isMetered(price));
  const line = subscription.status === 'trialing' ? trialLine : itemLine;
  const lines = licensed.map((item) => line(account, subscription, item, period));
  const { id } = draftInvoice(account, invoiceOf(subscription, 'subscription_create', period), lines);
  if (subscription.collection_method === 'send_invoice' && subscription.status === 'incomplete')
    account.update('subscription', subscription.id, { status: 'active' });
  if (params.payment_behavior === 'default_incomplete') {
    if (finalize(account, id).status === 'open') awaitPayment(account, id);
    return;
  }
  const { declined } = finalizeAndCollect(account, id, { onSession: params.onSession });
  const isRefused =
    params.payment_behavior === 'error_if_incomplete' || declined?.code === 'resource_missing';
  if (declined && isRefused) throw StripeFailure.declined(declined, false);
}

/**
 * @param onSession the customer is there, so a payment that requires authentication succeeds
 * @throws StripeFailure when the first payment fails and that is to be an error; then nothing was created
 */
export function createSubscription(
  account: Account,
  params: NewSubscription,
  onSession = false,
): Subscription {
  const now = account.nowOf(params.customer);
  const id = account.store.newId('sub');
  const trial = trialEnd(params, now);
  const period = firstPeriod(account, params, now, trial);
  const items = params.items.map((item) => newItem(account, id, item, { period, created: now }));
  checkItems(items);
  account.create(buildSubscription(account, params, { id, now, trial, period, items }));
  const discounts = redeemAll(account, params.discounts ?? [], {
    customer: params.customer,
    subscription: id,
    now,
  });
  const subscription = account.update('subscription', id, { discounts }, null);
  scheduleTrialNotice(account, subscription);
  firstInvoice(account, subscription, period, { ...params, onSession });
  return account.store.get('subscription', id);
}
