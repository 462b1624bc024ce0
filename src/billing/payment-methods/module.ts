import { defineModule } from '../../kernel/modules/index.ts';
import { paymentMethodRoutes } from './payment-methods.routes.ts';

export const paymentMethodsModule = defineModule({
  name: 'billing/payment-methods',
  routes: paymentMethodRoutes,
});
