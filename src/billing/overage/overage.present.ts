import { type EntitlementBasis, entitlementsOf } from '../../identity/entitlements/index.ts';
import { presentMoney } from '../../kernel/money/index.ts';
import type { MeterView } from '../meters/index.ts';
import { monthOf, type Period } from '../usage/index.ts';
import { includedQuantity } from './included.rules.ts';
import { asIncludedMeter, type Overage, overageUnits, priceOverage } from './overage.rules.ts';
import type { IncludedView, OverageView } from './summary.schemas.ts';

/** Whether a period is the calendar month, UTC, that holds the moment. */
export const isMonthOf = ({ from, to }: Period, ms: number): boolean => {
  const month = monthOf(ms);
  return from.getTime() === month.from.getTime() && to.getTime() === month.to.getTime();
};

/**
 * The usage of the current month compared with the amount that the plan includes now. Null for a meter for which no
 * plan includes an amount.
 * @param counted the charged part of the month; undefined while usage is not charged, when all usage counts
 */
export function presentIncluded(
  meter: MeterView,
  used: bigint,
  { basis, nowMs, counted }: { basis: EntitlementBasis; nowMs: number; counted: Overage | undefined },
): IncludedView | null {
  const included = includedQuantity(meter, entitlementsOf(basis, nowMs));
  if (included === null) return null;
  const left = included - (counted?.charged ?? used);
  const over = counted?.over ?? (left < 0n ? -left : 0n);
  return {
    quantity: Number(included),
    leftQuantity: Number(left > 0n ? left : 0n),
    overQuantity: Number(over),
  };
}

/** The charge of a month beyond the plan. Null for a meter for which no plan includes an amount. */
export function presentOverage({ name, unitQuantity }: MeterView, over: bigint): OverageView | null {
  const meter = asIncludedMeter(name);
  if (meter === undefined) return null;
  const units = overageUnits(over, unitQuantity);
  return {
    units: Number(units),
    price: presentMoney(priceOverage(meter, 1n)),
    amount: presentMoney(priceOverage(meter, units)),
  };
}
