import { INCLUDED_METERS, type IncludedMeter } from '../../../identity/entitlements/index.ts';
import type { PlanInterval } from '../../plans/index.ts';
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
import type { PaddleSubscription } from './paddle.schemas.ts';

/** Names in the custom data of Paddle's objects. */
export const DATA = {
  organization: 'auralink_organization',
  /** In a price: its name in the catalogue. */
  price: 'auralink_price',
  product: 'auralink_product',
  /** In a transaction: the key of the request that began it. */
  request: 'auralink_request',
  /** In a subscription whose plan changes with its period: the choice for which the period was paid, and its end. */
  paid: 'auralink_paid',
  paidUntil: 'auralink_paid_until',
  /** In the price of a charge: the meter and the identifier of the report. */
  meter: 'auralink_meter',
  identifier: 'auralink_identifier',
} as const;

type CustomData = Record<string, unknown> | null | undefined;

/** A text in the custom data. */
export function dataText(data: CustomData, name: string): string | null {
  const value = data?.[name];
  return typeof value === 'string' ? value : null;
}

/** The report in the price of a charge; null for every other price. */
export function meterOfPrice(price: { custom_data?: CustomData } | null | undefined): IncludedMeter | null {
  const name = dataText(price?.custom_data, DATA.meter);
  return INCLUDED_METERS.find((meter) => meter === name) ?? null;
}

/** The custom data with or without the note of the choice for which the period was paid. */
export function withPaid(
  data: CustomData,
  paid: { choice: PlanChoice; untilMs: number } | null,
): Record<string, unknown> {
  const { [DATA.paid]: _, [DATA.paidUntil]: __, ...rest } = data ?? {};
  if (paid === null) return rest;
  return { ...rest, [DATA.paid]: noteOfChoice(paid.choice), [DATA.paidUntil]: String(paid.untilMs) };
}

/** The note stays with the subscription after the end of its period; then it is ignored. */
function paidOf(data: CustomData, periodStartsAtMs: number): ProviderSubscription['paid'] {
  const choice = choiceOfNote(dataText(data, DATA.paid));
  const untilMs = Number(dataText(data, DATA.paidUntil));
  return choice && Number.isSafeInteger(untilMs) && untilMs > periodStartsAtMs ? { choice, untilMs } : null;
}

/** The end of a period that begins at a moment: the same day of a later month, or the last day of a shorter one. */
export function endOfPeriod(startsAtMs: number, interval: PlanInterval): number {
  const end = new Date(startsAtMs);
  const day = end.getUTCDate();
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + (interval === 'yearly' ? 12 : 1));
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  return end.setUTCDate(Math.min(day, last));
}

function statusOf({ status }: PaddleSubscription): ProviderSubscription['status'] {
  if (status === 'canceled') return 'cancelled';
  // Statuses that a later version of Paddle may add grant nothing.
  return PROVIDER_STATUSES.find((each) => each === status) ?? 'incomplete';
}

type Item = PaddleSubscription['items'][number];

const priceKeyOf = (item: Item | undefined) => dataText(item?.price.custom_data, DATA.price);

const isSeat = (item: Item) => isSeatKey(priceKeyOf(item));

/** The item of the plan: the one in the catalogue, else the first that is not a seat. */
const planItem = ({ items }: Pick<PaddleSubscription, 'items'>): Item | undefined =>
  items.find((item) => termOfKey(priceKeyOf(item)) !== null) ?? items.find((item) => !isSeat(item));

/** Items that were added to a subscription in the dashboard. */
export const addedItems = (subscription: PaddleSubscription): Item[] =>
  subscription.items.filter((item) => item !== planItem(subscription) && !isSeat(item));

/** The end of an item's trial. Paddle keeps the planned end of a trial that was ended early. */
function trialEndOf(subscription: PaddleSubscription, planned: number | undefined): number | null {
  const { status, first_billed_at: billedAtMs } = subscription;
  if (planned === undefined) return null;
  return status === 'trialing' ? planned : Math.min(planned, billedAtMs ?? planned);
}

/** A subscription of Paddle in the terms of the port. */
export function toProviderSubscription(subscription: PaddleSubscription): ProviderSubscription {
  const { id, items, scheduled_change: change, current_billing_period: period } = subscription;
  const startsAtMs = subscription.started_at ?? subscription.created_at;
  const periodStartsAtMs = period?.starts_at ?? startsAtMs;
  const endedAtMs = subscription.canceled_at ?? null;
  const seats = items.find(isSeat);
  const plan = planItem(subscription);
  const planned = (action: string) => (change?.action === action ? change.effective_at : null);
  return {
    id,
    customerId: subscription.customer_id,
    status: statusOf(subscription),
    choice: choiceOf(priceKeyOf(plan), seats?.quantity ?? 0),
    paid: paidOf(subscription.custom_data, periodStartsAtMs),
    currency: subscription.currency_code,
    startsAtMs,
    periodStartsAtMs,
    periodEndsAtMs: period?.ends_at ?? endedAtMs ?? startsAtMs,
    trialEndsAtMs: trialEndOf(subscription, plan?.trial_dates?.ends_at),
    cancelsAtMs: planned('cancel'),
    endedAtMs,
    resumesAtMs: planned('resume'),
  };
}
