import { defineModule } from '../../kernel/modules/index.ts';
import { documentationRoutes } from './docs.routes.ts';

export const docsModule = defineModule({
  name: 'platform/docs',
  routes: documentationRoutes,
});
