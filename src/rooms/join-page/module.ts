import { defineModule } from '../../kernel/modules/index.ts';
import { joinPageRoutes } from './join-page.routes.ts';

export const joinPageModule = defineModule({
  name: 'rooms/join-page',
  routes: joinPageRoutes,
});
