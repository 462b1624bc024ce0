import { CURRENT_PLAN_VERSION } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { choiceFor, isChosen, timingOf } from './plan-changes.rules.ts';
import { requireSeatsCount } from '../customers/index.ts';
import { commandSubscription } from './command-subscription.ts';
import { presentPreview } from './plan-changes.present.ts';
import type { ChangeSubscription, PreviewView } from './plan-changes.schemas.ts';
import { readLive } from './read-subscribed.ts';
import type { SubscriptionView } from '../subscriptions/index.ts';

/**
 * The cost of a change of plan or seats, and when it would take effect. Nothing is changed.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, `billing.seats_not_counted`, and those of
 * `PaymentProvider`
 */
export async function previewChange(ctx: Ctx, input: ChangeSubscription): Promise<PreviewView> {
  const { row, api, areMembersSet } = await readLive(ctx);
  const choice = choiceFor(row, input, CURRENT_PLAN_VERSION);
  requireSeatsCount(areMembersSet && choice.seats > row.seats);
  const prorateAtMs = Math.floor(ctx.clock.now() / 1000) * 1000;
  const { timing, endsTrial } = timingOf(row, choice);
  const change = {
    choice,
    timing,
    endsTrial,
    prorateAtMs: row.status === 'active' ? prorateAtMs : undefined,
  };
  const preview = await api.previewChange(row.providerSubscriptionId, change);
  const changesAt = timing === 'period_end' ? row.periodEndsAt : new Date(prorateAtMs);
  return presentPreview(preview, { choice, timing, changesAt });
}

/**
 * Changes plan or seats: `timingOf` decides when. A larger plan or more seats are charged at once; if the payment
 * fails, nothing is changed. A subscription that has both, or will have them with the next period, is returned
 * unchanged.
 * @throws AppError `billing.not_subscribed`, `billing.not_changeable`, `billing.seats_not_counted`,
 * `billing.change_conflict`, `billing.payment_failed`, and those of `PaymentProvider`
 */
export function changePlan(ctx: Ctx, input: ChangeSubscription): Promise<SubscriptionView> {
  return commandSubscription(ctx, {
    action: 'plan_changed',
    after: input,
    decide(row, areMembersSet) {
      const choice = choiceFor(row, input, CURRENT_PLAN_VERSION);
      if (isChosen(row, choice)) return undefined;
      requireSeatsCount(areMembersSet && choice.seats > row.seats);
      const timing = timingOf(row, choice);
      return (api, options) => api.changePlan(row.providerSubscriptionId, { ...options, choice, ...timing });
    },
  });
}
