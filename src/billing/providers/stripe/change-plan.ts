import type { Stripe } from 'stripe';
import { fromMinorUnits } from '../../../kernel/money/index.ts';
import {
  type ChangeOptions,
  type ChangePreview,
  isOverageKey,
  isSameChoice,
  type PlanChange,
  type PlanChoice,
  providerErrors,
  requireAsDecided,
  type ProviderSubscription,
} from '../index.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { runChange } from './run-change.ts';
import { findPrices } from './start-checkout.ts';
import {
  isMetered,
  paidMetadata,
  planItem,
  seatItem,
  toProviderSubscription,
} from './subscriptions.rules.ts';

type ItemChange = Pick<Stripe.SubscriptionUpdateParams.Item, 'id' | 'price' | 'quantity' | 'deleted'>;

/** The item of seats after the change. */
function changedSeats(
  subscription: Stripe.Subscription,
  { seats }: PlanChoice,
  price: string | undefined,
): ItemChange[] {
  const item = seatItem(subscription);
  if (price === undefined) return item ? [{ id: item.id, deleted: true }] : [];
  return [{ ...(item ? { id: item.id } : {}), price, quantity: seats }];
}

/**
 * The items with new prices: those of the plan, of seats and of usage, because all have the same interval. Items of an
 * earlier version of the plan that this one does not have are removed: otherwise they would still be charged, and would
 * prevent another interval.
 */
async function changedItems(
  call: StripeCall,
  subscription: Stripe.Subscription,
  choice: PlanChoice,
): Promise<ItemChange[]> {
  const { plan, seat, overage: prices } = await findPrices(call, choice);
  const item = planItem(subscription);
  const metered = subscription.items.data.filter(isMetered);
  const meterOf = (price: Stripe.Price) => price.recurring?.meter;
  const changes = prices.flatMap((price): ItemChange[] => {
    const existing = metered.find((each) => meterOf(each.price) === meterOf(price));
    if (existing?.price.id === price.id) return [];
    return [existing ? { id: existing.id, price: price.id } : { price: price.id }];
  });
  const meters = prices.map(meterOf);
  const former = metered.filter(
    ({ price }) => isOverageKey(price.lookup_key) && !meters.includes(meterOf(price)),
  );
  const removals = former.map(({ id }): ItemChange => ({ id, deleted: true }));
  return [
    { ...(item ? { id: item.id } : {}), price: plan },
    ...changedSeats(subscription, choice, seat),
    ...changes,
    ...removals,
  ];
}

const readStripeSubscription = (call: StripeCall, id: string) =>
  call((sdk) => sdk.subscriptions.retrieve(id));

const prorationDate = (atMs: number | undefined) =>
  atMs === undefined ? {} : { proration_date: Math.floor(atMs / 1000) };

/**
 * The choice for which the period was paid, when the plan changes with its end; a repeated change finds the note of the
 * first one.
 */
function paidAfter({ paid, choice, periodEndsAtMs }: ProviderSubscription, timing: PlanChange['timing']) {
  if (timing === 'undo' && paid === null) throw providerErrors.providerRefused({ detail: 'no change waits' });
  if (timing !== 'period_end') return null;
  return paid ?? (choice && { choice, untilMs: periodEndsAtMs });
}

/** @throws AppError `billing.provider_refused` where Stripe would give back money that was not paid */
function requireNothingWaits({ paid }: ProviderSubscription, timing: PlanChange['timing']): void {
  if (timing === 'now' && paid !== null)
    throw providerErrors.providerRefused({
      detail: 'a change is pending until the end of the period; take it back first',
    });
}

/** Whether the subscription is as requested already, for example after a request whose answer was lost. */
function isDone(subscription: Stripe.Subscription, { choice, timing, endsTrial }: PlanChange): boolean {
  const now = toProviderSubscription(subscription);
  if (endsTrial === true && now.status === 'trialing') return false;
  return isSameChoice(now.choice, choice) && (now.paid !== null) === (timing === 'period_end');
}

/**
 * See `PaymentProvider`. The choice for which the period was paid is kept in the metadata, so that Stripe alone
 * determines the next period.
 */
export const changePlan = (call: StripeCall, id: string, change: PlanChange): Promise<void> =>
  runChange(change.key, (idempotencyKey) => changeOnce(call, id, change, idempotencyKey));

async function changeOnce(
  call: StripeCall,
  id: string,
  change: PlanChange,
  idempotencyKey: string,
): Promise<void> {
  const { choice, timing, endsTrial, prorateAtMs } = change;
  const subscription = await readStripeSubscription(call, id);
  if (isDone(subscription, change)) return;
  const now = toProviderSubscription(subscription);
  requireAsDecided(now, change.decidedOn);
  requireNothingWaits(now, timing);
  const items = await changedItems(call, subscription, choice);
  const paid = paidAfter(now, timing);
  const params: Stripe.SubscriptionUpdateParams = {
    items,
    metadata: paidMetadata(paid),
    payment_behavior: 'error_if_incomplete',
    proration_behavior: timing === 'now' ? 'always_invoice' : 'none',
    ...(timing === 'now' ? prorationDate(prorateAtMs) : {}),
    ...(endsTrial === true ? { trial_end: 'now' as const } : {}),
  };
  await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey }));
}

/** The end of the period that a charge is for, when it begins one; a change within the period is charged by prorations alone. */
function periodEndOf({ lines }: Stripe.Invoice): number | undefined {
  const ends = lines.data
    .filter(({ parent }) => parent?.subscription_item_details?.proration === false)
    .map(({ period }) => period.end * 1000);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** See `PaymentProvider`. */
export async function previewChange(
  call: StripeCall,
  id: string,
  { choice, timing, endsTrial, prorateAtMs }: Omit<PlanChange, keyof ChangeOptions>,
): Promise<ChangePreview> {
  const subscription = await readStripeSubscription(call, id);
  requireNothingWaits(toProviderSubscription(subscription), timing);
  const items = await changedItems(call, subscription, choice);
  const isNow = timing === 'now';
  const params: Stripe.InvoiceCreatePreviewParams = {
    subscription: id,
    subscription_details: {
      items,
      proration_behavior: isNow ? 'always_invoice' : 'none',
      ...(isNow ? prorationDate(prorateAtMs) : {}),
      ...(endsTrial === true ? { trial_end: 'now' as const } : {}),
    },
  };
  const invoice = await call((sdk) => sdk.invoices.createPreview(params));
  const currency = invoice.currency.toUpperCase();
  const toMicros = (amount: number) => fromMinorUnits(BigInt(amount), currency).amountMicros;
  const isCharged = isNow && (endsTrial === true || subscription.status !== 'trialing');
  const taxes = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const { periodEndsAtMs } = toProviderSubscription(subscription);
  return {
    currency,
    dueNow: isCharged ? toMicros(invoice.amount_due) : 0n,
    tax: toMicros(taxes),
    lines: invoice.lines.data.map(({ description, amount }) => ({
      description: description ?? '',
      amount: toMicros(amount),
    })),
    nextInvoiceAtMs: (isCharged ? periodEndOf(invoice) : undefined) ?? periodEndsAtMs,
  };
}
