import { type ChangeOptions, requireAsDecided } from '../index.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { runChange } from './run-change.ts';
import { toProviderSubscription } from './subscriptions.rules.ts';

/** See `PaymentProvider`. When the first payment fails, Stripe changes nothing, and the trial continues. */
export const endTrial = (call: StripeCall, id: string, { key, decidedOn }: ChangeOptions): Promise<void> =>
  runChange(key, async (idempotencyKey) => {
    const now = toProviderSubscription(await call((sdk) => sdk.subscriptions.retrieve(id)));
    if (now.status === 'active') return;
    requireAsDecided(now, decidedOn);
    const params = { trial_end: 'now', payment_behavior: 'error_if_incomplete' } as const;
    await call((sdk) => sdk.subscriptions.update(id, params, { idempotencyKey }));
  });
