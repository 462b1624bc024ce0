import type { Stripe } from 'stripe';
import {
  choiceOf,
  choiceOfNote,
  isSeatKey,
  noteOfChoice,
  type PlanChoice,
  PROVIDER_STATUSES,
  type ProviderSubscription,
  termOfKey,
} from '../index.ts';

/**
 * Metadata of a subscription whose plan changes at the end of its period: the choice for which that period was paid,
 * and its end.
 */
const PAID_KEY = 'auralink_paid';
const PAID_UNTIL_KEY = 'auralink_paid_until';

export const paidMetadata = (
  paid: { choice: PlanChoice; untilMs: number } | null,
): Record<string, string> => ({
  [PAID_KEY]: paid === null ? '' : noteOfChoice(paid.choice),
  [PAID_UNTIL_KEY]: paid === null ? '' : String(paid.untilMs),
});

/**
 * Metadata of a paused subscription: the end of the period in which the pause began, and the automatic end of the
 * pause.
 */
const PAUSED_PERIOD_KEY = 'auralink_paused_period';
const RESUMES_KEY = 'auralink_resumes_at';

/** @param pause null for the end of a pause */
export const pauseMetadata = (
  pause: { periodEndsAtMs: number; resumesAtMs: number | null } | null,
): Record<string, string> => ({
  [PAUSED_PERIOD_KEY]: pause === null ? '' : String(pause.periodEndsAtMs),
  [RESUMES_KEY]: pause?.resumesAtMs ? String(pause.resumesAtMs) : '',
});

/** A moment in the metadata, in milliseconds; null when there is none. */
function momentIn({ metadata }: Stripe.Subscription, key: string): number | null {
  const ms = Number(metadata[key]);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : null;
}

/** Whether a period began during the pause, and was therefore not charged. */
export function hasRenewedInPause(subscription: Stripe.Subscription): boolean {
  const pausedPeriodEndsAtMs = momentIn(subscription, PAUSED_PERIOD_KEY);
  return pausedPeriodEndsAtMs !== null && pausedPeriodEndsAtMs !== periodOf(subscription).endsAtMs;
}

const toMs = (seconds: number) => seconds * 1000;
const toMsOrNull = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? null : toMs(seconds);

export const isMetered = ({ price }: Pick<Stripe.SubscriptionItem, 'price'>): boolean =>
  price.recurring?.usage_type === 'metered';

const isSeat = ({ price }: Stripe.SubscriptionItem) => isSeatKey(price.lookup_key);

/** The item of the plan: the one in the catalogue, not those that were added in the dashboard. */
export const planItem = ({ items }: Stripe.Subscription): Stripe.SubscriptionItem | undefined =>
  items.data.find(({ price }) => termOfKey(price.lookup_key) !== null) ??
  items.data.find((item) => !isMetered(item) && !isSeat(item));

/** The item of seats. */
export const seatItem = ({ items }: Stripe.Subscription): Stripe.SubscriptionItem | undefined =>
  items.data.find(isSeat);

function statusOf({ status, pause_collection: pause }: Stripe.Subscription): ProviderSubscription['status'] {
  if (status === 'canceled' || status === 'incomplete_expired') return 'cancelled';
  if (status === 'active' && pause !== null) return 'paused';
  // Statuses that a later version of Stripe may add grant nothing.
  return PROVIDER_STATUSES.find((each) => each === status) ?? 'incomplete';
}

/** The current period, which is a field of the items. */
function periodOf(subscription: Stripe.Subscription) {
  const item = planItem(subscription) ?? subscription.items.data[0];
  return {
    startsAtMs: toMs(item?.current_period_start ?? subscription.start_date),
    endsAtMs: toMs(item?.current_period_end ?? subscription.start_date),
  };
}

/** The choice for which the current period was paid; a note of a period that is over is ignored. */
function paidOf(subscription: Stripe.Subscription): ProviderSubscription['paid'] {
  const choice = choiceOfNote(subscription.metadata[PAID_KEY]);
  const untilMs = momentIn(subscription, PAID_UNTIL_KEY);
  return choice && untilMs !== null && untilMs > periodOf(subscription).startsAtMs
    ? { choice, untilMs }
    : null;
}

export const idOf = (value: string | { id: string } | null | undefined): string | null =>
  typeof value === 'string' ? value : (value?.id ?? null);

/** A subscription of Stripe in the terms of the port. */
export function toProviderSubscription(subscription: Stripe.Subscription): ProviderSubscription {
  const item = planItem(subscription) ?? subscription.items.data[0];
  const period = periodOf(subscription);
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer) ?? '',
    status: statusOf(subscription),
    choice: choiceOf(item?.price.lookup_key, seatItem(subscription)?.quantity ?? 0),
    paid: paidOf(subscription),
    currency: subscription.currency.toUpperCase(),
    startsAtMs: toMs(subscription.start_date),
    periodStartsAtMs: period.startsAtMs,
    periodEndsAtMs: period.endsAtMs,
    trialEndsAtMs: toMsOrNull(subscription.trial_end),
    cancelsAtMs: subscription.ended_at === null ? toMsOrNull(subscription.cancel_at) : null,
    endedAtMs: toMsOrNull(subscription.ended_at),
    resumesAtMs: subscription.pause_collection === null ? null : momentIn(subscription, RESUMES_KEY),
  };
}
