import type { z } from '@hono/zod-openapi';
import { fromMinorUnits } from '../../../kernel/money/index.ts';
import {
  type ChangeOptions,
  type ChangePreview,
  isChargeTooSmall,
  isSameChoice,
  type PlanChange,
  planPriceKey,
  providerErrors,
  requireAsDecided,
  seatPriceKey,
  type ProviderSubscription,
} from '../index.ts';
import { findChoicePrices } from './catalog.ts';
import type { PaddleCall } from './create-paddle-client.ts';
import { activate, readPaddleSubscription } from './end-trial.ts';
import {
  idSchema,
  type PaddlePreview,
  type PaddlePrice,
  type PaddleSubscription,
  previewSchema,
} from './paddle.schemas.ts';
import {
  addedItems,
  DATA,
  dataText,
  endOfPeriod,
  toProviderSubscription,
  withPaid,
} from './subscriptions.rules.ts';

/** The plan and seats for which the period was paid, when the plan changes with its end. */
function paidAfter(now: ProviderSubscription, { timing }: Pick<PlanChange, 'timing'>) {
  if (timing !== 'period_end') return null;
  if (now.paid !== null) return now.paid;
  return now.choice && { choice: now.choice, untilMs: now.periodEndsAtMs };
}

/** @throws AppError `billing.provider_refused` where Paddle would give back money that was not paid */
function requireNothingWaits({ paid }: ProviderSubscription, { timing }: Pick<PlanChange, 'timing'>): void {
  if (timing === 'now' && paid !== null)
    throw providerErrors.providerRefused({
      detail: 'a change is pending until the end of the period; take it back first',
    });
}

type Change = Omit<PlanChange, keyof ChangeOptions>;

/**
 * The items of a choice, and items that were added in addition. A price that the subscription has already stays, also
 * one that was made for a trial.
 */
async function itemsOf(call: PaddleCall, subscription: PaddleSubscription, choice: PlanChange['choice']) {
  const { items } = subscription;
  const { plan, seat } = await findChoicePrices(call, choice);
  const idOf = (key: string, found: PaddlePrice) =>
    items.find(({ price }) => dataText(price.custom_data, DATA.price) === key)?.price.id ?? found.id;
  return [
    { price_id: idOf(planPriceKey(choice), plan), quantity: 1 },
    ...(seat ? [{ price_id: idOf(seatPriceKey(choice), seat), quantity: choice.seats }] : []),
    ...addedItems(subscription).map(({ price, quantity }) => ({ price_id: price.id, quantity })),
  ];
}

async function toBody(call: PaddleCall, subscription: PaddleSubscription, change: Change): Promise<object> {
  const now = toProviderSubscription(subscription);
  requireNothingWaits(now, change);
  const isBilled = change.timing === 'now' && now.status === 'active';
  // Paddle would begin a period with another interval at once; the current one was paid for.
  const keepsPeriod = !isBilled && now.choice?.interval !== change.choice.interval;
  return {
    items: await itemsOf(call, subscription, change.choice),
    proration_billing_mode: isBilled ? 'prorated_immediately' : 'do_not_bill',
    on_payment_failure: 'prevent_change',
    // Paddle accepts no other field in a trial; then no change is pending, and there is no note.
    ...(now.status === 'trialing'
      ? {}
      : { custom_data: withPaid(subscription.custom_data, paidAfter(now, change)) }),
    ...(keepsPeriod ? { next_billed_at: new Date(now.periodEndsAtMs).toISOString() } : {}),
  };
}

/**
 * Requests a change. Its price is charged at once, or with the next regular invoice if it is less than Paddle collects.
 * @throws AppError `billing.charge_too_small` where the charge cannot wait: with another interval, or when Paddle
 * refuses that, too
 */
async function ask<T>(
  call: PaddleCall,
  request: `PATCH /${string}`,
  schema: z.ZodType<T>,
  { subscription, change }: { subscription: PaddleSubscription; change: Change },
): Promise<T> {
  const body = await toBody(call, subscription, change);
  try {
    return (await call(request, schema, body)).data;
  } catch (error) {
    const { choice } = toProviderSubscription(subscription);
    if (!isChargeTooSmall(error) || choice?.interval !== change.choice.interval) throw error;
    const waiting = { ...body, proration_billing_mode: 'prorated_next_billing_period' };
    return (await call(request, schema, waiting)).data;
  }
}

/**
 * Whether a change begins with the end of the trial. The plan of the trial is charged then, and the difference with the
 * change.
 */
const beginsWithEnd = ({ endsTrial }: Change, { status }: ProviderSubscription): boolean =>
  endsTrial === true && status === 'trialing';

/** The facts of the decision, as they are after an earlier attempt has ended the trial. */
const decidedAfter = ({ endsTrial, decidedOn }: PlanChange, { status }: ProviderSubscription) =>
  decidedOn && endsTrial === true && status === 'active' ? { ...decidedOn, status } : decidedOn;

/** See `PaymentProvider`. Steps of an earlier attempt are not repeated. */
export async function changePlan(call: PaddleCall, id: string, change: PlanChange): Promise<void> {
  let subscription = await readPaddleSubscription(call, id);
  let now = toProviderSubscription(subscription);
  const isDone = () =>
    isSameChoice(now.choice, change.choice) && (now.paid !== null) === (change.timing === 'period_end');
  if (isDone() && !beginsWithEnd(change, now)) return;
  requireAsDecided(now, decidedAfter(change, now));
  if (beginsWithEnd(change, now)) {
    subscription = await activate(call, id);
    now = toProviderSubscription(subscription);
    if (isDone()) return;
  }
  await ask(call, `PATCH /subscriptions/${id}`, idSchema, { subscription, change });
}

/** A line of a credit has a negative quantity. */
function describe(name: string, quantity: number): string {
  const what = Math.abs(quantity) === 1 ? name : `${Math.abs(quantity)} × ${name}`;
  return quantity < 0 ? `Unused time of ${what}` : what;
}

/** The content of a preview: the immediate charge, or the next regular one. */
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
      description: describe(product.name, quantity),
      amount: toMicros(totals.subtotal),
    })),
  };
}

/** See `PaymentProvider`. Paddle prorates to the minute of the request and accepts no other moment. */
export async function previewChange(
  call: PaddleCall,
  id: string,
  change: Change,
  nowMs: number,
): Promise<ChangePreview> {
  const subscription = await readPaddleSubscription(call, id);
  const now = toProviderSubscription(subscription);
  const data = await ask(call, `PATCH /subscriptions/${id}/preview`, previewSchema, { subscription, change });
  // The charge at the end of the trial is made now.
  if (beginsWithEnd(change, now)) {
    const nextInvoiceAtMs = endOfPeriod(nowMs, change.choice.interval);
    return { ...presentPreview(data, data.next_transaction), nextInvoiceAtMs };
  }
  const nextInvoiceAtMs = data.next_billed_at ?? now.periodEndsAtMs;
  return { ...presentPreview(data, data.immediate_transaction), nextInvoiceAtMs };
}
