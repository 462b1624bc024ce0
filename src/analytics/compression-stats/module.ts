import { defineModule } from '../../kernel/modules/index.ts';
import { compressionStatsRoutes } from './compression-stats.routes.ts';

export const compressionStatsModule = defineModule({
  name: 'analytics/compression-stats',
  routes: compressionStatsRoutes,
});
