import { defineModule } from '../../kernel/modules/index.ts';
import { analyticsRoutes } from './analytics.routes.ts';

export const realtimeModule = defineModule({
  name: 'analytics/realtime',
  routes: analyticsRoutes,
});
