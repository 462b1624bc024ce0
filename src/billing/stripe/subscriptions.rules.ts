import type { Stripe } from 'stripe';
import {
  choiceOfKey,
  type PlanChoice,
  planPriceKey,
  PROVIDER_STATUSES,
  type ProviderSubscription,
} from '../providers/index.ts';

/** Metadata of a subscription whose plan changes at the end of its period: what that period was paid for, and until when. */
const PAID_KEY = 'auralink_paid';
const PAID_UNTIL_KEY = 'auralink_paid_until';

export const paidMetadata = (
  paid: { choice: PlanChoice; untilMs: number } | null,
): Record<string, string> => ({
  [PAID_KEY]: paid === null ? '' : planPriceKey(paid.choice),
  [PAID_UNTIL_KEY]: paid === null ? '' : String(paid.untilMs),
});

const toMs = (seconds: number) => seconds * 1000;
const toMsOrNull = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? null : toMs(seconds);

export const isMetered = ({ price }: Pick<Stripe.SubscriptionItem, 'price'>): boolean =>
  price.recurring?.usage_type === 'metered';

/** The item that the plan is charged by. */
export const planItem = ({ items }: Stripe.Subscription): Stripe.SubscriptionItem | undefined =>
  items.data.find((item) => !isMetered(item));

function statusOf({ status, pause_collection: pause }: Stripe.Subscription): ProviderSubscription['status'] {
  if (status === 'canceled' || status === 'incomplete_expired') return 'cancelled';
  if (status === 'active' && pause !== null) return 'paused';
  // What a later version of Stripe may add grants nothing.
  return PROVIDER_STATUSES.find((each) => each === status) ?? 'incomplete';
}

function paidOf({ metadata }: Stripe.Subscription): ProviderSubscription['paid'] {
  const choice = choiceOfKey(metadata[PAID_KEY]);
  const untilMs = Number(metadata[PAID_UNTIL_KEY]);
  return choice && Number.isSafeInteger(untilMs) && untilMs > 0 ? { choice, untilMs } : null;
}

export const idOf = (value: string | { id: string } | null | undefined): string | null =>
  typeof value === 'string' ? value : (value?.id ?? null);

/** A subscription of Stripe in the words of the port. Its period stands on its items. */
export function toProviderSubscription(subscription: Stripe.Subscription): ProviderSubscription {
  const item = planItem(subscription) ?? subscription.items.data[0];
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer) ?? '',
    status: statusOf(subscription),
    choice: choiceOfKey(item?.price.lookup_key),
    paid: paidOf(subscription),
    currency: subscription.currency.toUpperCase(),
    startsAtMs: toMs(subscription.start_date),
    periodStartsAtMs: toMs(item?.current_period_start ?? subscription.start_date),
    periodEndsAtMs: toMs(item?.current_period_end ?? subscription.start_date),
    trialEndsAtMs: toMsOrNull(subscription.trial_end),
    cancelsAtMs: subscription.ended_at === null ? toMsOrNull(subscription.cancel_at) : null,
    endedAtMs: toMsOrNull(subscription.ended_at),
    resumesAtMs: toMsOrNull(subscription.pause_collection?.resumes_at),
  };
}
