import { type Micros, presentMoney } from '../../kernel/money/index.ts';
import { CATALOG_CURRENCY } from '../providers/index.ts';
import { isReached, type Spending, type SpendingBasis } from './spending.rules.ts';
import type { SpendingLimitView } from './spending.schemas.ts';

export const presentSpent = (amount: Micros) => presentMoney(amount, CATALOG_CURRENCY);

/** @param limit null for no limit */
export function presentSpending(
  limit: Micros | null,
  spending: Spending,
  { month, reserving }: Pick<SpendingBasis, 'month' | 'reserving'>,
): SpendingLimitView {
  const { isCharged, spent, reserved } = spending;
  const left = limit === null ? null : limit - spent - reserved;
  return {
    limit: limit === null ? null : presentSpent(limit),
    periodStartsAt: month.from.toISOString(),
    periodEndsAt: month.to.toISOString(),
    spent: presentSpent(spent),
    reserved: presentSpent(reserved),
    left: left === null ? null : presentSpent(left > 0n ? left : 0n),
    reached: limit !== null && isCharged && isReached(spending.leftMs(limit), reserving),
  };
}
