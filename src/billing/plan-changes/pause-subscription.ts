import type { Ctx } from '../../kernel/context/index.ts';
import { requireLater, requirePausable, requirePaused } from './plan-changes.rules.ts';
import { commandSubscription } from './command-subscription.ts';
import type { PauseSubscription } from './plan-changes.schemas.ts';
import type { SubscriptionView } from '../subscriptions/index.ts';

/**
 * Pauses the subscription at once: nothing is charged, and the organization is on the free plan until it ends.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, and those of `PaymentProvider`
 */
export function pauseSubscription(ctx: Ctx, { resumesAt }: PauseSubscription): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'paused',
    after: { resumesAt: resumesAt ?? null },
    async run(api, row, key) {
      requirePausable(row);
      const resumesAtMs = resumesAt === undefined ? null : requireLater(resumesAt, ctx.clock.now());
      await api.pause(row.providerSubscriptionId, { resumesAtMs, key });
    },
  });
}

/**
 * Ends a pause: the organization is on its plan again, and the next period is charged.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, and those of `PaymentProvider`
 */
export function unpauseSubscription(ctx: Ctx): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'unpaused',
    async run(api, row, key) {
      requirePaused(row);
      await api.unpause(row.providerSubscriptionId, { key });
    },
  });
}
