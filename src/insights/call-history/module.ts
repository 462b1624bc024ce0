import { defineModule } from '../../kernel/modules/index.ts';
import { callHistoryRoutes } from './call-history.routes.ts';

export const callHistoryModule = defineModule({
  name: 'insights/call-history',
  routes: callHistoryRoutes,
});
