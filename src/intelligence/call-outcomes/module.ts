import { defineModule } from '../../kernel/modules/index.ts';
import { outcomeRoutes } from './call-outcomes.routes.ts';

export const callOutcomesModule = defineModule({
  name: 'intelligence/call-outcomes',
  routes: outcomeRoutes,
  retention: { call_outcomes: { rule: 'cascade', how: 'with its transcript and its call' } },
});
