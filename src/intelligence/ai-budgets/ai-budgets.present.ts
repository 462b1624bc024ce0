import type { BudgetView } from './ai-budgets.schemas.ts';
import type { BudgetWithState } from './manage-budget.ts';

const usd = (amountMicros: number) => ({ amountMicros, currency: 'USD' });

export const presentBudget = ({ budget, endsAtMs, state }: BudgetWithState): BudgetView => ({
  period: budget.period,
  limit: usd(budget.limitMicros),
  spent: usd(state.spent),
  reserved: usd(state.held),
  left: usd(state.available),
  endsAt: new Date(endsAtMs).toISOString(),
  updatedAt: budget.updatedAt.toISOString(),
});
