import { defineModule } from '../../kernel/modules/index.ts';
import { ratingRoutes } from './ratings.routes.ts';

export const ratingsModule = defineModule({
  name: 'intelligence/ratings',
  routes: ratingRoutes,
  retention: {
    ai_ratings: { rule: 'cascade', how: 'with the answer, and with the account or API key that gave it' },
  },
});
