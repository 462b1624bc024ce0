import { defineModule } from '../../kernel/modules/index.ts';
import { callQualityRoutes } from './call-quality.routes.ts';

export const callQualityModule = defineModule({ name: 'analytics/call-quality', routes: callQualityRoutes });
