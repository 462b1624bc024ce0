import { defineModule } from '../../kernel/modules/index.ts';
import { overviewRoutes } from './overview.routes.ts';

export const overviewModule = defineModule({
  name: 'analytics/overview',
  routes: overviewRoutes,
  tools: [{ operation: 'getAnalyticsOverview', risk: 'read' }],
});
