import {
  type EntitlementBasis,
  entitlementsOf,
  INCLUDED_METERS,
  type IncludedMeter,
  type PlanName,
} from '../../identity/entitlements/index.ts';
import { type Micros, priceQuantity } from '../../kernel/money/index.ts';
import type { MeterView } from '../meters/index.ts';
import { PRICES } from '../plans/index.ts';
import { monthOf } from '../usage/index.ts';
import { includedQuantity } from './included.rules.ts';

/** Number of months before the current one that late usage and corrections can still change; older ones are closed. */
const OPEN_MONTHS = 2;

/** A change of the plan, with the former one. */
export interface CountedPlanChange {
  plan: PlanName;
  planVersion: number;
  formerPlan: PlanName;
  formerPlanVersion: number;
  changedAt: Date;
}

/** From when until when a subscription is charged; null while no end is known. */
export interface ChargedPeriod {
  subscriptionId: string;
  from: Date;
  to: Date | null;
}

/** The facts that decide which usage of an organization is beyond its plan. */
export interface OverageBasis extends EntitlementBasis {
  /** In chronological order. */
  changes: readonly CountedPlanChange[];
  charged: readonly ChargedPeriod[];
}

/** The terms at a moment; the included amount is in base units. */
export interface OverageTerms {
  included: bigint;
  isCharged: boolean;
  /** The subscription that charges; null when none does. */
  subscriptionId: string | null;
}

/** Usage in hours with the same terms. */
export interface UsageSpan {
  /** The start of the first of the hours. */
  startsAtMs: number;
  quantity: bigint;
}

/** In base units. */
export interface Overage {
  /** The usage while usage is charged. */
  charged: bigint;
  /** The part of it beyond the included amount. */
  over: bigint;
  /** The part of that which each subscription charges. */
  bySubscription: ReadonlyMap<string, bigint>;
}

type CountedMeter = Pick<MeterView, 'name' | 'kind' | 'unitQuantity'>;

/** The meter, if plans include an amount of it; otherwise undefined. */
export const asIncludedMeter = (name: string): IncludedMeter | undefined =>
  INCLUDED_METERS.find((each) => each === name);

/** The plan that an organization was on at a moment. */
function planAt({ plan, planVersion, changes }: OverageBasis, ms: number) {
  const last = changes.findLast(({ changedAt }) => changedAt.getTime() <= ms);
  if (last) return { plan: last.plan, planVersion: last.planVersion };
  const [first] = changes;
  return first ? { plan: first.formerPlan, planVersion: first.formerPlanVersion } : { plan, planVersion };
}

/**
 * The terms of a meter at a moment. Usage is charged while a subscription is charged and gives a plan: it gives none while it is
 * paused or restricted.
 */
export function termsAt(basis: OverageBasis, meter: CountedMeter, ms: number): OverageTerms {
  const at = planAt(basis, ms);
  const period = basis.charged.find(
    ({ from, to }) => from.getTime() <= ms && (to === null || to.getTime() > ms),
  );
  const subscriptionId = period === undefined || at.plan === 'free' ? null : period.subscriptionId;
  return {
    included: includedQuantity(meter, entitlementsOf({ ...basis, ...at }, ms)) ?? 0n,
    isCharged: subscriptionId !== null,
    subscriptionId,
  };
}

/**
 * The part of the usage of a month that is beyond the plan. Charged usage is added up in chronological order; usage
 * above the amount that is included at that time is overage, and remains overage when more is included later.
 * @param spans those of the month, the earliest first
 */
export function overageOf(
  spans: readonly UsageSpan[],
  termsOf: (startsAtMs: number) => OverageTerms,
): Overage {
  let charged = 0n;
  let over = 0n;
  const bySubscription = new Map<string, bigint>();
  for (const { startsAtMs, quantity } of spans) {
    const { included, subscriptionId } = termsOf(startsAtMs);
    if (subscriptionId === null) continue;
    const free = charged > included ? charged : included;
    charged += quantity;
    if (charged <= free) continue;
    over += charged - free;
    bySubscription.set(subscriptionId, (bySubscription.get(subscriptionId) ?? 0n) + charged - free);
  }
  return { charged, over, bySubscription };
}

/** The part of a meter's usage in a month that is beyond the plan. */
export const countMonth = (basis: OverageBasis, meter: CountedMeter, spans: readonly UsageSpan[]): Overage =>
  overageOf(spans, (startsAtMs) => termsAt(basis, meter, startsAtMs));

/** The rows of `sumSpans` by meter. */
export function toSpans(
  rows: readonly { meter: string; startsAt: string; quantity: string }[],
): Map<string, UsageSpan[]> {
  const spans = Map.groupBy(rows, ({ meter }) => meter);
  return new Map(
    [...spans].map(([meter, found]) => [
      meter,
      found.map(({ startsAt, quantity }) => ({ startsAtMs: Number(startsAt), quantity: BigInt(quantity) })),
    ]),
  );
}

/** The months that are counted again at a moment: the current one, and those before it that are open. The earliest first. */
export function openMonths(nowMs: number): Date[] {
  const { from } = monthOf(nowMs);
  return Array.from(
    { length: OPEN_MONTHS + 1 },
    (_, index) => new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() - OPEN_MONTHS + index, 1)),
  );
}

/** Whether a month is closed, so that it is not counted again. */
export const isClosed = (month: Date, nowMs: number): boolean => month < openMonths(nowMs)[0]!;

/** Whole units that are charged: an incomplete unit is free. */
export const overageUnits = (over: bigint, unitQuantity: number): bigint => over / BigInt(unitQuantity);

/**
 * The price of a quantity beyond the plan, without tax. It is the same on every plan.
 * @param unitQuantity base units in one of the quantity; absent for whole units, minutes
 */
export function priceOverage(
  meter: IncludedMeter,
  quantity: bigint,
  unitQuantity: bigint = PRICES.pro.overage[meter].unitQuantity,
): Micros {
  return priceQuantity(quantity * unitQuantity, PRICES.pro.overage[meter]);
}

/** The largest quantity of a meter, in base units, that costs no more than an amount. */
export function affordableQuantity(meter: IncludedMeter, amount: Micros): bigint {
  const { nanos, unitQuantity } = PRICES.pro.overage[meter];
  return (amount * 1000n * unitQuantity) / nanos;
}
