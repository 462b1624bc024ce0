import { PRICES } from '../plans/index.ts';
import type { SubscriptionRow } from './state.rules.ts';
import type { BillingState, SubscriptionView } from './subscriptions.schemas.ts';

const iso = (date: Date | null) => date?.toISOString() ?? null;

export function presentSubscription(row: SubscriptionRow): SubscriptionView {
  const { id, provider, status, plan, planVersion, interval, seats, nextPlan, nextInterval, nextSeats } = row;
  return {
    id,
    provider,
    status,
    plan,
    planVersion,
    interval,
    seats,
    nextPlan,
    nextInterval,
    nextSeats,
    changesAt: iso(row.changesAt),
    startsAt: row.startsAt.toISOString(),
    periodStartsAt: row.periodStartsAt.toISOString(),
    periodEndsAt: row.periodEndsAt.toISOString(),
    trialEndsAt: iso(row.trialEndsAt),
    cancelsAt: iso(row.cancelsAt),
    endedAt: iso(row.endedAt),
    resumesAt: iso(row.resumesAt),
    graceEndsAt: iso(row.graceEndsAt),
    restrictedAt: iso(row.restrictedAt),
  };
}

export const presentBillingState = (
  { plan, paymentsAvailable }: Pick<BillingState, 'plan' | 'paymentsAvailable'>,
  row: SubscriptionRow | undefined,
): BillingState => ({
  paymentsAvailable,
  plan,
  trialDays: row
    ? { pro: 0, enterprise: 0 }
    : { pro: PRICES.pro.trialDays, enterprise: PRICES.enterprise.trialDays },
  subscription: row ? presentSubscription(row) : null,
});
