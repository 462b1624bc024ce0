import { defineModule } from '../../kernel/modules/index.ts';
import { invoiceEvents } from './invoices.events.ts';
import { invoiceRoutes } from './invoices.routes.ts';
import { invoiceSubscriptions } from './invoices.subscriptions.ts';
import { reconcileInvoices } from './reconcile-invoices.ts';

export const invoicesModule = defineModule({
  name: 'billing/invoices',
  events: invoiceEvents,
  subscriptions: invoiceSubscriptions,
  schedules: [{ name: 'invoices.reconcile', everyMinutes: 10, run: reconcileInvoices }],
  routes: invoiceRoutes,
  retention: {
    invoices: {
      rule: 'cascade',
      how: 'with the organization; the provider keeps them for as long as the law asks',
    },
    invoice_reconciliations: { rule: 'cascade', how: 'with its organization' },
  },
});
