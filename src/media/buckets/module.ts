import { defineModule } from '../../kernel/modules/index.ts';
import { bucketRoutes } from './buckets.routes.ts';
import { resealSecrets } from './reseal-secrets.ts';

export const bucketsModule = defineModule({
  name: 'media/buckets',
  routes: bucketRoutes,
  schedules: [{ name: 'buckets.reseal', everyMinutes: 60, run: resealSecrets }],
  retention: {
    buckets: { rule: 'cascade', how: 'with its organization; the id of a deleted user is removed' },
  },
});
