import { defineModule } from '../../kernel/modules/index.ts';
import { aiBudgetChanged } from './ai-budgets.events.ts';
import { budgetRoutes } from './ai-budgets.routes.ts';

export const aiBudgetsModule = defineModule({
  name: 'intelligence/ai-budgets',
  events: [aiBudgetChanged],
  routes: budgetRoutes,
  retention: { ai_budgets: { rule: 'cascade', how: 'with its organization' } },
});
