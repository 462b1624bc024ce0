import { defineModule } from '../../kernel/modules/index.ts';
import { bucketRoutes } from './buckets.routes.ts';

export const bucketsModule = defineModule({
  name: 'media/buckets',
  routes: bucketRoutes,
  retention: {
    buckets: { rule: 'cascade', how: 'with its organization; of a deleted user it does not keep the id' },
  },
});
