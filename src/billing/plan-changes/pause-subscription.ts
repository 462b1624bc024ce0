import type { Ctx } from '../../kernel/context/index.ts';
import {
  isPausedUntil,
  isRunning,
  requireLater,
  requirePausable,
  requirePaused,
} from './plan-changes.rules.ts';
import { commandSubscription } from './command-subscription.ts';
import type { PauseSubscription } from './plan-changes.schemas.ts';
import type { SubscriptionView } from '../subscriptions/index.ts';

/**
 * Pauses the subscription at once: nothing is charged, and the organization is on the free plan until the pause ends. A
 * subscription that is paused until the same moment is returned unchanged.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, `billing.change_conflict`, and those of
 * `PaymentProvider`
 */
export function pauseSubscription(ctx: Ctx, { resumesAt }: PauseSubscription): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'paused',
    after: { resumesAt: resumesAt ?? null },
    decide(row) {
      if (isPausedUntil(row, resumesAt)) return undefined;
      requirePausable(row);
      const resumesAtMs = resumesAt === undefined ? null : requireLater(resumesAt, ctx.clock.now());
      return (api, options) => api.pause(row.providerSubscriptionId, { ...options, resumesAtMs });
    },
  });
}

/**
 * Ends a pause: the organization is on its plan again, and the next period is charged. A subscription that is not
 * paused is returned unchanged.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, `billing.change_conflict`, and those of
 * `PaymentProvider`
 */
export function unpauseSubscription(ctx: Ctx): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'unpaused',
    decide(row) {
      if (isRunning(row)) return undefined;
      requirePaused(row);
      return (api, options) => api.unpause(row.providerSubscriptionId, options);
    },
  });
}
