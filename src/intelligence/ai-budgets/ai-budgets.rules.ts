import type { Budget } from '../../platform/limits/index.ts';
import type { BudgetPeriod } from './ai-budgets.enums.ts';
import type { AiBudget } from './ai-budgets.tables.ts';

const DAY_MS = 86_400_000;

/** The end of the period that contains a moment, UTC. */
export function periodEndMs(period: BudgetPeriod, nowMs: number): number {
  if (period === 'day') return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}

/** The budget that counts live at a moment. */
export const liveBudgetOf = (
  { period, limitMicros }: Pick<AiBudget, 'period' | 'limitMicros'>,
  nowMs: number,
): Budget => ({
  name: `ai-${period}`,
  limit: limitMicros,
  periodSeconds: null,
  endsAtMs: periodEndMs(period, nowMs),
});
