import { defineModule } from '../../kernel/modules/index.ts';
import { meterRoutes } from './meters.routes.ts';

export const metersModule = defineModule({
  name: 'billing/meters',
  routes: meterRoutes,
  retention: { usage_meters: { rule: 'cascade', how: 'with the organization' } },
});
