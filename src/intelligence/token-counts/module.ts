import { defineModule } from '../../kernel/modules/index.ts';
import { tokenCountRoutes } from './token-counts.routes.ts';

export const tokenCountsModule = defineModule({
  name: 'intelligence/token-counts',
  routes: tokenCountRoutes,
});
