import { defineModule } from '../../kernel/modules/index.ts';
import { customerRoutes } from './customers.routes.ts';

export const customersModule = defineModule({
  name: 'billing/customers',
  routes: customerRoutes,
  retention: {
    billing_customers: {
      rule: 'cascade',
      how: 'with its organization; the provider keeps invoices as the law asks',
    },
  },
});
