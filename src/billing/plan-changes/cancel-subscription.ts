import type { Ctx } from '../../kernel/context/index.ts';
import { commandSubscription } from './command-subscription.ts';
import type { CancelSubscription } from './plan-changes.schemas.ts';
import type { SubscriptionView } from '../subscriptions/index.ts';

/**
 * Cancels the subscription, at the end of the paid period or at once. At once, usage beyond the plan is billed and
 * nothing is paid back. A subscription that is cancelled already, or has ended, is returned unchanged.
 * @throws AppError `billing.not_subscribed`, `billing.change_conflict`, and those of `PaymentProvider`
 */
export function cancelSubscription(ctx: Ctx, { at }: CancelSubscription): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'cancelled',
    after: { at },
    outlivesSubscription: true,
    decide: ({ cancelsAt, providerSubscriptionId }) =>
      at === 'period_end' && cancelsAt !== null
        ? undefined
        : (api, options) => api.cancel(providerSubscriptionId, { ...options, at }),
  });
}

/**
 * Takes back a cancellation before the subscription has ended. A subscription that is not cancelled is returned
 * unchanged.
 * @throws AppError `billing.not_subscribed`, `billing.change_conflict`, and those of `PaymentProvider`
 */
export function resumeSubscription(ctx: Ctx): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'resumed',
    decide: ({ cancelsAt, providerSubscriptionId }) =>
      cancelsAt === null ? undefined : (api, options) => api.resume(providerSubscriptionId, options),
  });
}
