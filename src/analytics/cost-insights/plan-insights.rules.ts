import { priceQuantity, type Micros } from '../../kernel/money/index.ts';
import {
  type BeyondIncluded,
  describePlan,
  MOST_SEATS,
  type PlanName,
} from '../../identity/entitlements/index.ts';
import { PRICES } from '../../billing/plans/index.ts';
import { beyond, type CostFinding, type Measurements, minutes } from './measurements.rules.ts';

/** An organization that has paid monthly for this time is likely to stay. */
const STEADY_DAYS = 90;
const DAY_MS = 86_400_000;
/** A change of plan that saves less is not worth the work. */
const MIN_PLAN_SAVING: Micros = 1_000_000n;

const membersOf = (plan: PlanName): number =>
  describePlan(plan).limits.find(({ name }) => name === 'members')!.value;

const neededSeats = (plan: PlanName, use: Measurements['use']): number =>
  Math.max((use.members ?? 0) - membersOf(plan), 0);

/** Seats without members are not counted as a saving: giving them up saves more. */
export function yearlyBillingCheaper({ subscription, seats, use, measuredAt }: Measurements): CostFinding[] {
  if (!subscription?.isMonthly || subscription.ends) return [];
  const days = Math.floor((measuredAt.getTime() - subscription.startsAt.getTime()) / DAY_MS);
  const { price, seat } = PRICES[subscription.plan];
  const { monthly, yearly } = price;
  if (days < STEADY_DAYS || monthly === null || yearly === null || yearly >= 12n * monthly) return [];
  const evidence = { plan: subscription.plan, days };
  const ofSeats =
    seat === null
      ? 0n
      : BigInt(Math.min(seats, neededSeats(subscription.plan, use))) * (seat.monthly - seat.yearly / 12n);
  return [{ kind: 'yearly_billing_cheaper', saving: monthly - yearly / 12n + ofSeats, evidence }];
}

/** Seats without members, if the plan is kept. */
export function unusedSeats({ subscription, seats, use }: Measurements): CostFinding[] {
  if (!subscription || subscription.ends) return [];
  const { plan, isMonthly } = subscription;
  const price = PRICES[plan].seat;
  const unused = Math.max(seats - neededSeats(plan, use), 0);
  if (price === null || unused === 0) return [];
  const monthly = isMonthly ? price.monthly : price.yearly / 12n;
  return [{ kind: 'unused_seats', saving: BigInt(unused) * monthly, evidence: { plan, seats, unused } }];
}

interface MonthOfUse {
  beyondIncluded: BeyondIncluded;
  beyondMs: bigint;
  seats: number;
}

/** The cost of a month of this use on a plan; null where the price is negotiated. */
function monthlyCost(plan: PlanName, { beyondIncluded, beyondMs, seats }: MonthOfUse): Micros | null {
  const { price, seat, overage } = PRICES[plan];
  if (price.monthly === null) return null;
  const ofSeats = BigInt(seats) * (seat?.monthly ?? 0n);
  const more = beyondIncluded === 'refused' ? 0n : priceQuantity(beyondMs, overage.participant_minutes);
  return price.monthly + ofSeats + more;
}

/** Plans with a price, the smallest first. */
const SOLD = ['free', 'pro', 'enterprise'] as const satisfies readonly PlanName[];
type PricedPlan = (typeof SOLD)[number];

/** The cost of another plan for what the organization has and used; undefined when the plan is too small. */
function rivalOf(
  plan: PricedPlan,
  { use, month }: Measurements,
): { plan: PricedPlan; cost: Micros; seats: number } | undefined {
  const { limits, included, beyondIncluded } = describePlan(plan);
  const minutesIncluded = included.find(({ meter }) => meter === 'participant_minutes')!.amount;
  const beyondMs = beyond(month.usedMs, BigInt(minutesIncluded) * 60_000n);
  const seats = neededSeats(plan, use);
  const hasRoom =
    limits.every(({ name, value }) => name === 'members' || (use[name] ?? 0) <= value) &&
    seats <= (PRICES[plan].seat === null ? 0 : MOST_SEATS) &&
    (beyondIncluded === 'charged' || beyondMs === 0n);
  const cost = monthlyCost(plan, { beyondIncluded, beyondMs, seats });
  return hasRoom && cost !== null ? { plan, cost, seats } : undefined;
}

/**
 * The cheapest plan that is large enough for what the organization has and used, if it is worth the change. Prices of a
 * month are compared, so a plan that is paid by the year has no insight.
 */
export function otherPlan(measurements: Measurements): CostFinding[] {
  const { plan, beyondIncluded, seats, month, subscription } = measurements;
  if (subscription && (!subscription.isMonthly || subscription.ends)) return [];
  const cost = monthlyCost(plan, {
    beyondIncluded,
    beyondMs: beyond(month.usedMs, month.includedMs),
    seats,
  });
  if (cost === null) return [];
  const rivals = SOLD.filter((each) => each !== plan).flatMap((each) => {
    const rival = rivalOf(each, measurements);
    return rival && cost - rival.cost >= MIN_PLAN_SAVING ? [rival] : [];
  });
  const cheapest = rivals.toSorted((a, b) => Number(a.cost - b.cost))[0];
  if (!cheapest) return [];
  const isLarger = SOLD.indexOf(cheapest.plan) > SOLD.indexOf(plan as PricedPlan);
  return [
    {
      kind: isLarger ? 'larger_plan_cheaper' : 'smaller_plan_cheaper',
      saving: cost - cheapest.cost,
      evidence: {
        plan,
        suggestedPlan: cheapest.plan,
        suggestedSeats: cheapest.seats,
        usedMinutes: minutes(month.usedMs),
        includedMinutes: minutes(month.includedMs),
      },
    },
  ];
}
