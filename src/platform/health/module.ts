import { defineModule } from '../../kernel/modules/index.ts';
import { healthRoutes } from './health.routes.ts';

export const healthModule = defineModule({
  name: 'platform/health',
  routes: healthRoutes,
});
