import { defineModule } from '../../kernel/modules/index.ts';
import { userEvents } from './users.events.ts';
import { userRoutes } from './users.routes.ts';

export const usersModule = defineModule({
  name: 'identity/users',
  events: userEvents,
  routes: userRoutes,
  retention: {
    users: { rule: 'cascade', how: 'is the user: rows that refer to it are deleted with it' },
  },
});
