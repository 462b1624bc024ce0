import { defineModule } from '../../kernel/modules/index.ts';
import { realtimeRoutes } from './realtime.routes.ts';

export const realtimeModule = defineModule({
  name: 'analytics/realtime',
  routes: realtimeRoutes,
});
