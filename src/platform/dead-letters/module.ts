import { defineModule } from '../../kernel/modules/index.ts';
import { deadLetterRoutes } from './dead-letters.routes.ts';

export const deadLettersModule = defineModule({
  name: 'platform/dead-letters',
  routes: deadLetterRoutes,
});
