import { type MinuteBudget, RESERVED_MS } from '../../calls/minutes/index.ts';
import type { IncludedMeter } from '../../identity/entitlements/index.ts';
import type { Micros } from '../../kernel/money/index.ts';
import type { MeterView } from '../meters/index.ts';
import {
  affordableQuantity,
  asIncludedMeter,
  countMonth,
  type OverageBasis,
  overageUnits,
  priceOverage,
  termsAt,
  type UsageSpan,
} from '../overage/index.ts';
import type { Period } from '../usage/index.ts';
import type { spendingAlerts, spendingLimits } from './spending.tables.ts';

export type SpendingLimitRow = typeof spendingLimits.$inferSelect;
export type SpendingAlertRow = typeof spendingAlerts.$inferSelect;

/** The meter of usage by running calls. */
const CONNECTED_TIME = 'participant_minutes';
/** The percentage of the limit from which it is near. */
const NEAR_PERCENT = 80n;
/** Calls end when the next minute, in which nothing is counted, could pass the limit. */
const END_BEFORE_MS = 60_000n;

/** The facts that decide how much of a limit is left. */
export interface SpendingBasis {
  month: Period;
  nowMs: number;
  /** Undefined once the organization is deleted. */
  basis: OverageBasis | undefined;
  /** Prices of the meters for which plans include an amount. */
  meters: readonly MeterView[];
  /** Recorded usage of the month, by meter. */
  spans: ReadonlyMap<string, readonly UsageSpan[]>;
  /** Time of the month that is not recorded yet, including that of running calls, by meter, in milliseconds. */
  unrecordedMs: Readonly<Partial<Record<IncludedMeter, bigint>>>;
  /** Participants who are connected or have a seat. */
  reserving: number;
  /** Participants whose connection began in the month: their usage counts in it. */
  connected: number;
  /** When the earliest open connection began, in any month; null for none. */
  openSinceMs: number | null;
}

/** The spending of an organization beyond its plan in a month. */
export interface Spending {
  /** Whether usage beyond the plan is charged now. */
  isCharged: boolean;
  spent: Micros;
  /** Amount that the participants who are connected or have a seat may spend; it is reserved for them. */
  reserved: Micros;
  /** Connected time that a limit still covers, in milliseconds. */
  leftMs(limit: Micros): bigint;
  /** The same at the start of a month. */
  monthMs(limit: Micros): bigint;
  /** Connected time of the month beyond the plan, and what the plan still includes, in milliseconds. */
  minutes: { overMs: bigint; includedMs: bigint };
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const positive = (value: bigint) => (value > 0n ? value : 0n);
const NOTHING: Spending = {
  isCharged: false,
  spent: 0n,
  reserved: 0n,
  leftMs: () => 0n,
  monthMs: () => 0n,
  minutes: { overMs: 0n, includedMs: 0n },
};

/** Usage of a meter including running calls: time that is not recorded yet counts in this hour. */
function spansWithRunning(
  { spans, unrecordedMs, nowMs }: SpendingBasis,
  meter: IncludedMeter,
): readonly UsageSpan[] {
  const recorded = spans.get(meter) ?? [];
  const quantity = positive(unrecordedMs[meter] ?? 0n);
  return quantity === 0n ? recorded : [...recorded, { startsAtMs: nowMs, quantity }];
}

/**
 * The amount spent beyond the plan in the month, by the rule of `billing/overage`, and the amount that running calls
 * reserve.
 */
export function countSpending(given: SpendingBasis): Spending {
  const { basis, meters, nowMs, reserving } = given;
  if (!basis) return NOTHING;
  const counted = meters.flatMap((meter) => {
    const name = asIncludedMeter(meter.name);
    if (name === undefined) return [];
    const month = countMonth(basis, meter, spansWithRunning(given, name));
    const { included, isCharged } = termsAt(basis, meter, nowMs);
    const amount = priceOverage(name, overageUnits(month.over, meter.unitQuantity));
    return [
      { name, amount, isCharged, included, over: month.over, left: positive(included - month.charged) },
    ];
  });
  const minutes = counted.find(({ name }) => name === CONNECTED_TIME);
  const spent = sum(counted.map(({ amount }) => amount));
  if (!minutes?.isCharged) return { ...NOTHING, spent };
  const others = spent - minutes.amount;
  const reservedMs = positive(BigInt(reserving) * BigInt(RESERVED_MS) - minutes.left);
  return {
    isCharged: true,
    spent,
    reserved: priceOverage(CONNECTED_TIME, reservedMs, 1n),
    leftMs: (limit) => affordableQuantity(CONNECTED_TIME, limit - others) - minutes.over + minutes.left,
    monthMs: (limit) => affordableQuantity(CONNECTED_TIME, limit) + minutes.included,
    minutes: { overMs: minutes.over, includedMs: minutes.left },
  };
}

/**
 * Whether usage beyond the plan is, or will be, charged: an organization without a current subscription pays for
 * nothing.
 */
export const canBeCharged = ({ basis, nowMs }: Pick<SpendingBasis, 'basis' | 'nowMs'>): boolean =>
  basis?.charged.some(({ to }) => to === null || to.getTime() > nowMs) ?? false;

/** Whether a limit does not cover one more participant. */
export const isReached = (leftMs: bigint, reserving: number): boolean =>
  leftMs < BigInt(RESERVED_MS) * BigInt(reserving + 1);

/** The budget of the calls of an organization that follows from its limit; undefined while nothing is charged. */
export function minuteBudgetOf(
  { organizationId, limitMicros }: Pick<SpendingLimitRow, 'organizationId' | 'limitMicros'>,
  spending: Spending,
  { month, nowMs }: Pick<SpendingBasis, 'month' | 'nowMs'>,
): MinuteBudget | undefined {
  if (!spending.isCharged) return undefined;
  return {
    organizationId,
    monthStartsAt: month.from,
    leftMs: Number(spending.leftMs(limitMicros)),
    monthMs: Number(spending.monthMs(limitMicros)),
    countedAt: new Date(nowMs),
    limitMicros: Number(limitMicros),
    spentMicros: Number(spending.spent),
    overMs: Number(spending.minutes.overMs),
    includedMs: Number(spending.minutes.includedMs),
    minuteMicros: Number(priceOverage(CONNECTED_TIME, 1n)),
  };
}

/** The consequences for the calls of an organization. */
export type CallsOutcome = 'continue' | 'warn' | 'end';

/**
 * No one else is admitted once the reserves of the connected participants are needed; before the limit is passed, calls
 * end.
 */
export function callsOutcome(leftMs: bigint, connected: number): CallsOutcome {
  if (connected === 0) return 'continue';
  if (leftMs <= BigInt(connected) * END_BEFORE_MS) return 'end';
  return leftMs < BigInt(connected) * BigInt(RESERVED_MS) ? 'warn' : 'continue';
}

/**
 * The percentage of the alert that is due: 100 once all of it is spent, calls end or nobody could begin one, 80 before it.
 * @param raised the percentages of this limit's alerts in this month
 */
export function nextAlert(
  limit: Micros,
  { spent, leftMs, connected }: { spent: Micros; leftMs: bigint; connected: number },
  raised: readonly number[],
): 80 | 100 | undefined {
  if (raised.includes(100)) return undefined;
  if (spent > 0n && spent >= limit) return 100;
  if (isReached(leftMs, 0) || callsOutcome(leftMs, connected) === 'end') return 100;
  const isNear = limit > 0n && spent * 100n >= limit * NEAR_PERCENT;
  return isNear && !raised.includes(80) ? 80 : undefined;
}
