import { defineModule } from '../../kernel/modules/index.ts';
import { reconcileCustomers } from './reconcile-customers.ts';
import { reconciliationRoutes } from './reconciliation.routes.ts';

export const reconciliationModule = defineModule({
  name: 'billing/reconciliation',
  routes: reconciliationRoutes,
  schedules: [{ name: 'billing.reconcile', everyMinutes: 10, run: reconcileCustomers }],
  retention: {
    billing_reconciliations: { rule: 'cascade', how: 'with its organization' },
    billing_repairs: { rule: 'cascade', how: 'with its organization; it names no person' },
  },
});
