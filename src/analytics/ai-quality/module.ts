import { defineModule } from '../../kernel/modules/index.ts';
import { qualityRoutes } from './ai-quality.routes.ts';

export const aiQualityModule = defineModule({
  name: 'analytics/ai-quality',
  routes: qualityRoutes,
});
