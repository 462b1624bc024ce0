import { type ChangeOptions, providerErrors, requireAsDecided } from '../index.ts';
import type { PaddleCall } from './create-paddle-client.ts';
import { idSchema, type PaddleSubscription, subscriptionSchema } from './paddle.schemas.ts';
import { toProviderSubscription } from './subscriptions.rules.ts';

const paymentFailed = () =>
  providerErrors.paymentFailed({ detail: 'the trial has ended, and its first payment failed' });

export const readPaddleSubscription = async (call: PaddleCall, id: string): Promise<PaddleSubscription> =>
  (await call(`GET /subscriptions/${id}`, subscriptionSchema)).data;

/**
 * Ends a trial and charges its plan.
 * @returns the subscription afterwards
 * @throws AppError `billing.payment_failed`
 */
export async function activate(call: PaddleCall, id: string): Promise<PaddleSubscription> {
  await call(`POST /subscriptions/${id}/activate`, idSchema, {});
  const subscription = await readPaddleSubscription(call, id);
  if (subscription.status !== 'active') throw paymentFailed();
  return subscription;
}

/** See `PaymentProvider`. When the first payment fails, the subscription is past due. */
export async function endTrial(call: PaddleCall, id: string, { decidedOn }: ChangeOptions): Promise<void> {
  const now = toProviderSubscription(await readPaddleSubscription(call, id));
  if (now.status === 'active') return;
  // An earlier attempt, whose answer was lost, has ended the trial.
  if (now.status === 'past_due' && decidedOn?.status === 'trialing') throw paymentFailed();
  requireAsDecided(now, decidedOn);
  await activate(call, id);
}
