import { defineModule } from '../../kernel/modules/index.ts';
import { costRoutes } from './costs.routes.ts';
import { costSubscriptions } from './costs.subscriptions.ts';
import { operatorCostRoutes } from './operator-costs.routes.ts';

export const costsModule = defineModule({
  name: 'billing/costs',
  subscriptions: costSubscriptions,
  routes: [...costRoutes, ...operatorCostRoutes],
  retention: {
    cost_lines: { rule: 'cascade', how: 'with the organization; it names no person' },
  },
});
