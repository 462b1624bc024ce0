import { defineModule } from '../../kernel/modules/index.ts';
import { routingRoutes } from './routing.routes.ts';

export const routingModule = defineModule({ name: 'intelligence/routing', routes: routingRoutes });
