import { type CancelOutcome, type ChangeOptions, type PaymentProvider, requireAsDecided } from '../index.ts';
import { readPaddleSubscription } from './end-trial.ts';
import { type PaddleCall, readAll } from './create-paddle-client.ts';
import { adjustmentSchema, idSchema, type PaddleSubscription, transactionSchema } from './paddle.schemas.ts';
import { toProviderSubscription } from './subscriptions.rules.ts';

type Cancellation = Parameters<PaymentProvider['cancel']>[1];
type Pause = Parameters<PaymentProvider['pause']>[1];

const requireUnchanged = (subscription: PaddleSubscription, { decidedOn }: ChangeOptions): void =>
  requireAsDecided(toProviderSubscription(subscription), decidedOn);

/**
 * Refunds the last payment of a subscription, once.
 * @returns whether Paddle still processes the payment: it refunds only completed ones
 */
async function refundLatest(call: PaddleCall, subscription: string): Promise<boolean> {
  const path = `/transactions?subscription_id=${subscription}&status=completed,paid` as const;
  const { data } = await call(`GET ${path}`, transactionSchema.array());
  const paid = data.find(({ details }) => details.totals.grand_total > 0n);
  if (!paid) return false;
  if (paid.status === 'paid') return true;
  const adjustments = await readAll(call, `/adjustments?transaction_id=${paid.id}`, adjustmentSchema);
  if (adjustments.some(({ status }) => status !== 'rejected')) return false;
  const body = { action: 'refund', type: 'full', transaction_id: paid.id, reason: 'Subscription cancelled' };
  await call('POST /adjustments', idSchema, body);
  return false;
}

const plans = ({ scheduled_change: change }: PaddleSubscription, action: string) => change?.action === action;

/** See `PaymentProvider`. The rest of the period is paid back only with `refund`. */
export async function cancel(call: PaddleCall, id: string, options: Cancellation): Promise<CancelOutcome> {
  const { at, refund } = options;
  const subscription = await readPaddleSubscription(call, id);
  const isDone = subscription.status === 'canceled' || (at === 'period_end' && plans(subscription, 'cancel'));
  if (!isDone) requireUnchanged(subscription, options);
  const effective_from = at === 'now' ? 'immediately' : 'next_billing_period';
  // Refunded first: an attempt that stops in between leaves a running subscription, which is then refunded and ended
  // again.
  const isRefundPending = refund === true && (await refundLatest(call, id));
  if (!isDone) await call(`POST /subscriptions/${id}/cancel`, idSchema, { effective_from });
  return { isRefundPending };
}

/** See `PaymentProvider`. */
export async function resume(call: PaddleCall, id: string, options: ChangeOptions): Promise<void> {
  const subscription = await readPaddleSubscription(call, id);
  if (!plans(subscription, 'cancel')) return;
  requireUnchanged(subscription, options);
  await call(`PATCH /subscriptions/${id}`, idSchema, { scheduled_change: null });
}

/** The rest of the period at the pause is used afterwards. */
const ON_RESUME = 'continue_existing_billing_period';

/** See `PaymentProvider`. */
export async function pause(call: PaddleCall, id: string, options: Pause): Promise<void> {
  const { resumesAtMs } = options;
  const subscription = await readPaddleSubscription(call, id);
  if (subscription.status === 'paused') return;
  requireUnchanged(subscription, options);
  const resume_at = resumesAtMs === null ? null : new Date(resumesAtMs).toISOString();
  const body = { effective_from: 'immediately', resume_at, on_resume: ON_RESUME };
  await call(`POST /subscriptions/${id}/pause`, idSchema, body);
}

/** See `PaymentProvider`. */
export async function unpause(call: PaddleCall, id: string, options: ChangeOptions): Promise<void> {
  const subscription = await readPaddleSubscription(call, id);
  if (subscription.status !== 'paused') return;
  requireUnchanged(subscription, options);
  const body = { effective_from: 'immediately', on_resume: ON_RESUME };
  await call(`POST /subscriptions/${id}/resume`, idSchema, body);
}
