import {
  type EntitlementBasis,
  type Entitlements,
  entitlementsOf,
  INCLUDED_METERS,
} from '../../identity/entitlements/index.ts';
import type { MeterView } from '../meters/index.ts';
import { monthOf, type Period } from './usage.rules.ts';
import type { IncludedView } from './usage.schemas.ts';

/** What a plan includes of a meter in a month, in base units; null for a meter of which no plan includes an amount. */
export function includedQuantity(
  { name, kind, unitQuantity }: Pick<MeterView, 'name' | 'kind' | 'unitQuantity'>,
  { included }: Pick<Entitlements, 'included'>,
): bigint | null {
  const meter = kind === 'product' ? INCLUDED_METERS.find((each) => each === name) : undefined;
  return meter === undefined ? null : BigInt(included[meter].amount) * BigInt(unitQuantity);
}

/**
 * How the usage of a period compares to what the plan includes. Null for a meter of which no plan includes an amount, and
 * for any period but the current month: which plan the organization was on before is not known here.
 */
export function compareToIncluded(
  meter: MeterView,
  used: bigint,
  { period, basis, nowMs }: { period: Period; basis: EntitlementBasis | null; nowMs: number },
): IncludedView | null {
  const month = monthOf(nowMs);
  const isMonth =
    period.from.getTime() === month.from.getTime() && period.to.getTime() === month.to.getTime();
  if (!isMonth || basis === null) return null;
  const included = includedQuantity(meter, entitlementsOf(basis, nowMs));
  if (included === null) return null;
  const left = included - used;
  return {
    quantity: Number(included),
    leftQuantity: Number(left > 0n ? left : 0n),
    overQuantity: Number(left < 0n ? -left : 0n),
  };
}
