import { defineModule } from '../../kernel/modules/index.ts';
import { signInRoutes } from './sign-in.routes.ts';

export const signInModule = defineModule({
  name: 'identity/sign-in',
  routes: signInRoutes,
  retention: {
    credentials: { rule: 'cascade', how: 'with its user' },
  },
});
