import type { Stripe } from 'stripe';
import { type PaymentProvider, requireAsDecided } from '../index.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { runChange } from './run-change.ts';
import { hasRenewedInPause, pauseMetadata, toProviderSubscription } from './subscriptions.rules.ts';

type PauseOptions = Parameters<PaymentProvider['pause']>[1];
type UnpauseOptions = Parameters<PaymentProvider['unpause']>[1];

/**
 * See `PaymentProvider`. Invoices of a pause stay drafts, so that earlier usage is not lost. Stripe does not end the
 * pause automatically, because the current period would then be free.
 */
export const pause = (call: StripeCall, id: string, options: PauseOptions): Promise<void> =>
  runChange(options.key, (idempotencyKey) => pauseOnce(call, id, options, idempotencyKey));

async function pauseOnce(
  call: StripeCall,
  id: string,
  { resumesAtMs, decidedOn }: PauseOptions,
  idempotencyKey: string,
): Promise<void> {
  const subscription = await call((sdk) => sdk.subscriptions.retrieve(id));
  if (subscription.pause_collection !== null) return;
  const now = toProviderSubscription(subscription);
  requireAsDecided(now, decidedOn);
  const { periodEndsAtMs } = now;
  const params = {
    pause_collection: { behavior: 'keep_as_draft' as const },
    metadata: pauseMetadata({ periodEndsAtMs, resumesAtMs }),
  };
  await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey }));
}

/** See `PaymentProvider`. A period that began during the pause was not charged; in that case a new one begins now. */
export const unpause = (call: StripeCall, id: string, options: UnpauseOptions): Promise<void> =>
  runChange(options.key, (idempotencyKey) => unpauseOnce(call, id, options, idempotencyKey));

async function unpauseOnce(
  call: StripeCall,
  id: string,
  { allowsUnpaid, decidedOn }: UnpauseOptions,
  idempotencyKey: string,
): Promise<void> {
  const subscription = await call((sdk) => sdk.subscriptions.retrieve(id));
  if (subscription.pause_collection === null) return;
  requireAsDecided(toProviderSubscription(subscription), decidedOn);
  const params: Stripe.SubscriptionUpdateParams = { pause_collection: '', metadata: pauseMetadata(null) };
  if (hasRenewedInPause(subscription)) {
    params.billing_cycle_anchor = { type: 'now' };
    params.proration_behavior = 'none';
    params.payment_behavior = allowsUnpaid === true ? 'allow_incomplete' : 'error_if_incomplete';
  }
  await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey }));
}
