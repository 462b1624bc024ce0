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
import { idSchema, type PaddleSubscription, previewSchema, subscriptionSchema } from './paddle.schemas.ts';
import { toProviderSubscription, withPaid } from './subscriptions.rules.ts';

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

/**
 * @throws AppError `billing.provider_refused` for a plan that has no trial: Paddle would charge nothing for it until the trial has
 *   ended, and charges the end of a trial in a request of its own, which can fail after the plan has changed
 */
function requireKeepsTrial(
  { status }: ProviderSubscription,
  { endsTrial }: Pick<PlanChange, 'endsTrial'>,
): void {
  if (endsTrial === true && status === 'trialing')
    throw providerErrors.providerRefused({
      detail: 'this plan has no trial: change to it when the trial has ended',
    });
}

type Change = Omit<PlanChange, keyof ChangeOptions>;

async function toBody(call: PaddleCall, subscription: PaddleSubscription, change: Change): Promise<object> {
  const now = toProviderSubscription(subscription);
  requireNothingWaits(now, change);
  requireKeepsTrial(now, change);
  const price = await findPlanPrice(call, change.choice);
  const isBilled = change.timing === 'now' && now.status === 'active';
  // Paddle would begin a period with another interval at once; the current one was paid for.
  const keepsPeriod = !isBilled && now.choice?.interval !== change.choice.interval;
  return {
    items: [{ price_id: price.id, quantity: 1 }],
    proration_billing_mode: isBilled ? 'prorated_immediately' : 'do_not_bill',
    on_payment_failure: 'prevent_change',
    custom_data: withPaid(subscription.custom_data, paidAfter(now, change)),
    ...(keepsPeriod ? { next_billed_at: new Date(now.periodEndsAtMs).toISOString() } : {}),
  };
}

/** See `PaymentProvider`. What an earlier attempt has done is not done again. */
export async function changePlan(call: PaddleCall, id: string, change: PlanChange): Promise<void> {
  const subscription = await readPaddleSubscription(call, id);
  const now = toProviderSubscription(subscription);
  const waits = now.paid !== null;
  if (isSame(now.choice, change.choice) && waits === (change.timing === 'period_end')) return;
  requireAsDecided(now, change.decidedOn);
  const body = await toBody(call, subscription, change);
  await call(`PATCH /subscriptions/${id}`, idSchema, body);
}

/** See `PaymentProvider`. Paddle counts to the minute of the request and takes no other moment. */
export async function previewChange(call: PaddleCall, id: string, change: Change): Promise<ChangePreview> {
  const subscription = await readPaddleSubscription(call, id);
  const body = await toBody(call, subscription, change);
  const { data } = await call(`PATCH /subscriptions/${id}/preview`, previewSchema, body);
  const shown = data.immediate_transaction ?? data.next_transaction;
  const currency = data.currency_code;
  const toMicros = (amount: bigint) => fromMinorUnits(amount, currency).amountMicros;
  return {
    currency,
    dueNow: toMicros(data.immediate_transaction?.details.totals.grand_total ?? 0n),
    tax: toMicros(shown?.details.totals.tax ?? 0n),
    lines: (shown?.details.line_items ?? []).map(({ product, quantity, totals }) => ({
      description: quantity < 0 ? `Unused time of ${product.name}` : product.name,
      amount: toMicros(totals.subtotal),
    })),
    nextInvoiceAtMs: data.next_billed_at ?? toProviderSubscription(subscription).periodEndsAtMs,
  };
}
