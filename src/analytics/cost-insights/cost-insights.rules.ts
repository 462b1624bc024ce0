import { priceQuantity, type Micros } from '../../kernel/money/index.ts';
import { type BeyondIncluded, describePlan, type PlanName } from '../../identity/entitlements/index.ts';
import { PRICES } from '../../billing/plans/index.ts';
import type { InsightKind } from './cost-insights.enums.ts';

/** Figures that an insight rests on, by name; lists are ids. */
export type Evidence = Record<string, number | string | string[]>;

export interface Finding {
  kind: InsightKind;
  /** Of a month; null when there is no price. */
  saving: Micros | null;
  evidence: Evidence;
}

/** What is known of an organization. Times are in milliseconds. */
export interface Measurements {
  plan: PlanName;
  /** Whether its plan refuses or charges more than what is included. */
  beyondIncluded: BeyondIncluded;
  /** How much it has of what plans limit. */
  use: Readonly<Record<string, number>>;
  /** Connected time in the last full calendar month, UTC, and how much of it the plan and credits include. */
  month: { usedMs: bigint; includedMs: bigint };
  /** Rooms that had no call for long, and the first of their ids. */
  unusedRooms: { count: number; ids: string[] };
  /** Calls of the last 30 days in which one person was alone for long, and for how long together at least. */
  alone: { calls: number; ms: number };
  /** Calls and connected time of the last 30 days, and of the 30 days before. */
  current: { calls: number; connectedMs: number };
  previous: { calls: number; connectedMs: number };
  /** Connected time and what of it was charged beyond the plan, in the last full calendar month, UTC, and in the one before. */
  charged: { startsAt: Date; current: ChargedTime; previous: ChargedTime };
  /** The subscription that is paid for; undefined without one. */
  subscription: { plan: PlanName; isMonthly: boolean; ends: boolean; startsAt: Date } | undefined;
  measuredAt: Date;
}

export interface ChargedTime {
  ms: bigint;
  amount: Micros;
}

export const UNUSED_DAYS = 90;
/** Being alone for less in a call is waiting, not forgetting to leave. */
export const MIN_ALONE_MS = 10 * 60_000;
const MIN_ALONE_TOTAL_MS = 60 * 60_000;
/** Fewer calls say nothing about a trend. */
const MIN_CALLS = 100;
const RISE = 1.25;
/** Less time says nothing about a price. */
const MIN_COST_MS = 1_000n * 60_000n;
/** A minute that costs a tenth more, in percent. */
const COST_RISE = 110n;
/** An organization that pays monthly for so long is likely to stay. */
const STEADY_DAYS = 90;
const DAY_MS = 86_400_000;
/** A change of plan for less is not worth the work. */
const MIN_PLAN_SAVING: Micros = 1_000_000n;

const minutes = (ms: number | bigint): number => Math.floor(Number(ms) / 60_000);
const least = (a: bigint, b: bigint) => (a < b ? a : b);
const beyond = (used: bigint, included: bigint) => (used > included ? used - included : 0n);

function unusedRooms({ unusedRooms: { count, ids } }: Measurements): Finding[] {
  if (count === 0) return [];
  return [
    { kind: 'unused_rooms', saving: null, evidence: { rooms: count, days: UNUSED_DAYS, roomIds: ids } },
  ];
}

/** Time alone costs what of it is charged beyond what is included: nothing on a plan that refuses more. */
function timeAlone({ plan, beyondIncluded, month, alone }: Measurements): Finding[] {
  if (alone.ms < MIN_ALONE_TOTAL_MS) return [];
  const charged =
    beyondIncluded === 'charged' ? least(BigInt(alone.ms), beyond(month.usedMs, month.includedMs)) : 0n;
  const saving = priceQuantity(charged, PRICES[plan].overage.participant_minutes);
  const evidence = {
    calls: alone.calls,
    minutes: minutes(alone.ms),
    chargedMinutes: minutes(charged),
    days: 30,
  };
  return [{ kind: 'time_alone', saving, evidence }];
}

function risingCallTime({ current, previous }: Measurements): Finding[] {
  if (current.calls < MIN_CALLS || previous.calls < MIN_CALLS) return [];
  const [now, before] = [current, previous].map(({ calls, connectedMs }) => connectedMs / calls / 60_000);
  if (now! < before! * RISE) return [];
  const evidence = {
    minutesPerCall: Number(now!.toFixed(1)),
    previousMinutesPerCall: Number(before!.toFixed(1)),
    calls: current.calls,
    previousCalls: previous.calls,
    days: 30,
  };
  return [{ kind: 'rising_call_time', saving: null, evidence }];
}

/**
 * What the organization pays for a minute beyond its plan, not what a minute costs the operator. Compared as products, because a price of
 * a minute would be rounded.
 */
function risingMinuteCost({ charged: { startsAt, current, previous } }: Measurements): Finding[] {
  if (current.ms < MIN_COST_MS || previous.ms < MIN_COST_MS) return [];
  if (previous.amount <= 0n) return [];
  if (current.amount * previous.ms * 100n < previous.amount * current.ms * COST_RISE) return [];
  const minuteMicros = ({ ms, amount }: ChargedTime) => Number((amount * 60_000n) / ms);
  const evidence = {
    minuteMicros: minuteMicros(current),
    previousMinuteMicros: minuteMicros(previous),
    minutes: minutes(current.ms),
    previousMinutes: minutes(previous.ms),
    month: startsAt.toISOString().slice(0, 7),
  };
  const saving = current.amount - (previous.amount * current.ms) / previous.ms;
  return [{ kind: 'rising_minute_cost', saving, evidence }];
}

function yearlyBillingCheaper({ subscription, measuredAt }: Measurements): Finding[] {
  if (!subscription?.isMonthly || subscription.ends) return [];
  const days = Math.floor((measuredAt.getTime() - subscription.startsAt.getTime()) / DAY_MS);
  const { monthly, yearly } = PRICES[subscription.plan].price;
  if (days < STEADY_DAYS || monthly === null || yearly === null || yearly >= 12n * monthly) return [];
  const evidence = { plan: subscription.plan, days };
  return [{ kind: 'yearly_billing_cheaper', saving: monthly - yearly / 12n, evidence }];
}

/** What a month of this use costs on a plan; null where the price is agreed on. */
function monthlyCost(plan: PlanName, beyondIncluded: BeyondIncluded, beyondMs: bigint): Micros | null {
  const { price, overage } = PRICES[plan];
  if (price.monthly === null || beyondIncluded === 'refused') return price.monthly;
  return price.monthly + priceQuantity(beyondMs, overage.participant_minutes);
}

const SOLD = ['free', 'pro', 'enterprise'] as const satisfies readonly PlanName[];

/**
 * The cheapest plan that has room for what the organization has and used, if it is worth the change. Prices of a month are
 * compared, so nothing is said of a plan that is paid by the year.
 */
function otherPlan({ plan, beyondIncluded, use, month, subscription }: Measurements): Finding[] {
  if (subscription && !subscription.isMonthly) return [];
  const cost = monthlyCost(plan, beyondIncluded, beyond(month.usedMs, month.includedMs));
  if (cost === null) return [];
  const rivals = SOLD.filter((each) => each !== plan).flatMap((each) => {
    const { limits, included, ...terms } = describePlan(each);
    const minutesIncluded = included.find(({ meter }) => meter === 'participant_minutes')!.amount;
    const beyondMs = beyond(month.usedMs, BigInt(minutesIncluded) * 60_000n);
    const hasRoom =
      limits.every(({ name, value }) => (use[name] ?? 0) <= value) &&
      (terms.beyondIncluded === 'charged' || beyondMs === 0n);
    const rival = monthlyCost(each, terms.beyondIncluded, beyondMs);
    return hasRoom && rival !== null && cost - rival >= MIN_PLAN_SAVING ? [{ plan: each, cost: rival }] : [];
  });
  const cheapest = rivals.toSorted((a, b) => Number(a.cost - b.cost))[0];
  if (!cheapest) return [];
  const isLarger = SOLD.indexOf(cheapest.plan) > SOLD.indexOf(plan as (typeof SOLD)[number]);
  return [
    {
      kind: isLarger ? 'larger_plan_cheaper' : 'smaller_plan_cheaper',
      saving: cost - cheapest.cost,
      evidence: {
        plan,
        suggestedPlan: cheapest.plan,
        usedMinutes: minutes(month.usedMs),
        includedMinutes: minutes(month.includedMs),
      },
    },
  ];
}

/** What the figures of an organization say about its costs: the same figures always give the same. */
export const findInsights = (measurements: Measurements): Finding[] =>
  [unusedRooms, timeAlone, risingCallTime, risingMinuteCost, yearlyBillingCheaper, otherPlan].flatMap(
    (rule) => rule(measurements),
  );
