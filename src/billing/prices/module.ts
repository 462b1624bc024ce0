import { defineModule } from '../../kernel/modules/index.ts';
import { priceRoutes } from './prices.routes.ts';

export const pricesModule = defineModule({
  name: 'billing/prices',
  routes: priceRoutes,
  retention: {
    price_versions: { rule: 'retain', how: 'it names nobody, and cost lines refer to it' },
  },
});
