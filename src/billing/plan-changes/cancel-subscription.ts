import type { Ctx } from '../../kernel/context/index.ts';
import { requireCancelling } from './plan-changes.rules.ts';
import { commandSubscription } from './command-subscription.ts';
import type { CancelSubscription } from './plan-changes.schemas.ts';
import type { SubscriptionView } from '../subscriptions/index.ts';

/**
 * Cancels the subscription, at the end of the period that is paid or at once. At once, what was used beyond the plan is billed and
 * nothing is paid back.
 * @throws AppError `billing.not_subscribed`, and those of `PaymentProvider`
 */
export function cancelSubscription(ctx: Ctx, { at }: CancelSubscription): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'cancelled',
    after: { at },
    async run(api, row, key) {
      await api.cancel(row.providerSubscriptionId, { at, key });
    },
  });
}

/**
 * Takes back a cancellation before its time has come.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, and those of `PaymentProvider`
 */
export function resumeSubscription(ctx: Ctx): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'resumed',
    async run(api, row, key) {
      requireCancelling(row);
      await api.resume(row.providerSubscriptionId, { key });
    },
  });
}
