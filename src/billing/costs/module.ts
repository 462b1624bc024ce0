import { defineModule } from '../../kernel/modules/index.ts';
import { costRoutes } from './costs.routes.ts';
import { costSubscriptions } from './costs.subscriptions.ts';
import { operatorCostRoutes } from './operator-costs.routes.ts';
import { sumCosts } from './sum-days.ts';

export const costsModule = defineModule({
  name: 'billing/costs',
  subscriptions: costSubscriptions,
  routes: [...costRoutes, ...operatorCostRoutes],
  tools: [
    { operation: 'getCallCost', risk: 'read' },
    { operation: 'getCostSummary', risk: 'read' },
  ],
  schedules: [{ name: 'costs.sum_days', everyMinutes: 1, run: sumCosts }],
  retention: {
    cost_changes: {
      rule: 'cascade',
      how: 'with the organization; deleted when it was processed, within minutes',
    },
    cost_days: { rule: 'cascade', how: 'with the organization; it names no person' },
    cost_lines: { rule: 'cascade', how: 'with the organization; it names no person' },
  },
});
