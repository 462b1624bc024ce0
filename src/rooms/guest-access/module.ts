import { defineModule } from '../../kernel/modules/index.ts';
import { guestAccessRoutes } from './guest-access.routes.ts';

export const guestAccessModule = defineModule({
  name: 'rooms/guest-access',
  routes: guestAccessRoutes,
});
