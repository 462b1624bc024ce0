import { fromMinorUnits } from '../../../kernel/money/index.ts';
import {
  type ChangeOptions,
  type ChangePreview,
  type PlanChange,
  type PlanChoice,
  planPriceKey,
  providerErrors,
  requireAsDecided,
  type ProviderSubscription,
} from '../index.ts';
import { findPlanPrice } from './catalog.ts';
import type { PaddleCall } from './create-paddle-client.ts';
import {
  idSchema,
  type PaddlePreview,
  type PaddleSubscription,
  previewSchema,
  subscriptionSchema,
} from './paddle.schemas.ts';
import { endOfPeriod, toProviderSubscription, withPaid } from './subscriptions.rules.ts';

const isSame = (one: PlanChoice | null, other: PlanChoice | null) =>
  one === other || (one !== null && other !== null && planPriceKey(one) === planPriceKey(other));

export const readPaddleSubscription = async (call: PaddleCall, id: string): Promise<PaddleSubscription> =>
  (await call(`GET /subscriptions/${id}`, subscriptionSchema)).data;

/** What the period was paid for, when the plan changes with its end. */
function paidAfter(now: ProviderSubscription, { timing }: Pick<PlanChange, 'timing'>) {
  if (timing !== 'period_end') return null;
  if (now.paid !== null) return now.paid;
  return now.choice && { choice: now.choice, untilMs: now.periodEndsAtMs };
}

/** @throws AppError `billing.provider_refused` where Paddle would give back what was not paid */
function requireNothingWaits({ paid }: ProviderSubscription, { timing }: Pick<PlanChange, 'timing'>): void {
  if (timing === 'now' && paid !== null)
    throw providerErrors.providerRefused({
      detail: 'a change waits for the end of the period; take it back before another one',
    });
}

type Change = Omit<PlanChange, keyof ChangeOptions>;

async function toBody(call: PaddleCall, subscription: PaddleSubscription, change: Change): Promise<object> {
  const now = toProviderSubscription(subscription);
  requireNothingWaits(now, change);
  const price = await findPlanPrice(call, change.choice);
  const isBilled = change.timing === 'now' && now.status === 'active';
  // Paddle would begin a period with another interval at once; the current one was paid for.
  const keepsPeriod = !isBilled && now.choice?.interval !== change.choice.interval;
  return {
    items: [{ price_id: price.id, quantity: 1 }],
    proration_billing_mode: isBilled ? 'prorated_immediately' : 'do_not_bill',
    on_payment_failure: 'prevent_change',
    // Paddle takes no other field in a trial; then no change waits, and there is no note.
    ...(now.status === 'trialing'
      ? {}
      : { custom_data: withPaid(subscription.custom_data, paidAfter(now, change)) }),
    ...(keepsPeriod ? { next_billed_at: new Date(now.periodEndsAtMs).toISOString() } : {}),
  };
}

/** Whether a change begins with the end of the trial. */
const beginsWithEnd = ({ endsTrial }: Change, { status }: ProviderSubscription): boolean =>
  endsTrial === true && status === 'trialing';

/**
 * Ends a trial: the plan of the trial is charged, and the difference to another one with the change to it. So nothing is given for which
 * a payment fails.
 * @returns the subscription as it is then
 * @throws AppError `billing.payment_failed`
 */
async function endTrial(call: PaddleCall, id: string): Promise<PaddleSubscription> {
  await call(`POST /subscriptions/${id}/activate`, idSchema, {});
  const subscription = await readPaddleSubscription(call, id);
  if (subscription.status !== 'active')
    throw providerErrors.paymentFailed({ detail: 'the trial has ended, and its first payment failed' });
  return subscription;
}

/** What was decided on, as it is when an earlier attempt has ended the trial. */
const decidedAfter = ({ endsTrial, decidedOn }: PlanChange, { status }: ProviderSubscription) =>
  decidedOn && endsTrial === true && status === 'active' ? { ...decidedOn, status } : decidedOn;

/** See `PaymentProvider`. What an earlier attempt has done is not done again. */
export async function changePlan(call: PaddleCall, id: string, change: PlanChange): Promise<void> {
  let subscription = await readPaddleSubscription(call, id);
  let now = toProviderSubscription(subscription);
  const isDone = () =>
    isSame(now.choice, change.choice) && (now.paid !== null) === (change.timing === 'period_end');
  if (isDone() && !beginsWithEnd(change, now)) return;
  requireAsDecided(now, decidedAfter(change, now));
  if (beginsWithEnd(change, now)) {
    subscription = await endTrial(call, id);
    now = toProviderSubscription(subscription);
    if (isDone()) return;
  }
  const body = await toBody(call, subscription, change);
  await call(`PATCH /subscriptions/${id}`, idSchema, body);
}

/** What a preview shows: the charge that comes at once, or the next regular one. */
function presentPreview(
  { currency_code: currency, next_transaction: next }: PaddlePreview,
  charged: PaddlePreview['immediate_transaction'],
): Omit<ChangePreview, 'nextInvoiceAtMs'> {
  const shown = charged ?? next;
  const toMicros = (amount: bigint) => fromMinorUnits(amount, currency).amountMicros;
  return {
    currency,
    dueNow: toMicros(charged?.details.totals.grand_total ?? 0n),
    tax: toMicros(shown?.details.totals.tax ?? 0n),
    lines: (shown?.details.line_items ?? []).map(({ product, quantity, totals }) => ({
      description: quantity < 0 ? `Unused time of ${product.name}` : product.name,
      amount: toMicros(totals.subtotal),
    })),
  };
}

/** See `PaymentProvider`. Paddle counts to the minute of the request and takes no other moment. */
export async function previewChange(
  call: PaddleCall,
  id: string,
  change: Change,
  nowMs: number,
): Promise<ChangePreview> {
  const subscription = await readPaddleSubscription(call, id);
  const now = toProviderSubscription(subscription);
  const body = await toBody(call, subscription, change);
  const { data } = await call(`PATCH /subscriptions/${id}/preview`, previewSchema, body);
  // What would be charged when the trial ends is charged now.
  if (beginsWithEnd(change, now)) {
    const nextInvoiceAtMs = endOfPeriod(nowMs, change.choice.interval);
    return { ...presentPreview(data, data.next_transaction), nextInvoiceAtMs };
  }
  const nextInvoiceAtMs = data.next_billed_at ?? now.periodEndsAtMs;
  return { ...presentPreview(data, data.immediate_transaction), nextInvoiceAtMs };
}
