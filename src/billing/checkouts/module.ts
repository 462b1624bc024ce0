import { defineModule } from '../../kernel/modules/index.ts';
import { checkoutRoutes } from './checkouts.routes.ts';
import { checkoutSubscriptions } from './checkouts.subscriptions.ts';

export const checkoutsModule = defineModule({
  name: 'billing/checkouts',
  routes: checkoutRoutes,
  subscriptions: checkoutSubscriptions,
});
