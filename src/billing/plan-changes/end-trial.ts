import type { Ctx } from '../../kernel/context/index.ts';
import { commandSubscription } from './command-subscription.ts';
import { requireInTrial } from './plan-changes.rules.ts';
import type { SubscriptionView } from '../subscriptions/index.ts';

/**
 * Ends the trial at once: the first period begins and is charged. A subscription that is charged already is returned
 * unchanged.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, `billing.change_conflict`,
 * `billing.payment_failed`, and those of `PaymentProvider`
 */
export function endTrial(ctx: Ctx): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'trial_ended',
    decide(row) {
      if (row.status === 'active') return undefined;
      requireInTrial(row);
      return (api, options) => api.endTrial(row.providerSubscriptionId, options);
    },
  });
}
