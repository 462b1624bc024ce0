import { defineModule } from '../../kernel/modules/index.ts';
import { accessRoutes } from './access.routes.ts';
import { jwksRoutes } from './jwks.routes.ts';

export const accessModule = defineModule({
  name: 'identity/access',
  routes: [...accessRoutes, ...jwksRoutes],
});
