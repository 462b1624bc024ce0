export { aiBudgetChanged } from './ai-budgets.events.ts';
export { selectBudget } from './ai-budgets.queries.ts';
export { liveBudgetOf } from './ai-budgets.rules.ts';
export type { AiBudget } from './ai-budgets.tables.ts';
export { mostInputTokens, mostTokens, worstCostMicros } from './worst-cost.rules.ts';
