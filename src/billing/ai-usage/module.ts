import { defineModule } from '../../kernel/modules/index.ts';
import { aiUsageRoutes } from './ai-usage.routes.ts';

export const aiUsageModule = defineModule({
  name: 'billing/ai-usage',
  routes: aiUsageRoutes,
  tools: [
    { operation: 'getAiUsage', risk: 'read' },
    { operation: 'getAiCost', risk: 'read' },
  ],
});
