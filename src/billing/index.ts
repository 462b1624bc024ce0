import { foldModules, type ModuleManifest } from '../kernel/modules/index.ts';
import { alertsModule } from './alerts/module.ts';
import { billsModule } from './bills/module.ts';
import { checkoutsModule } from './checkouts/module.ts';
import { aiUsageModule } from './ai-usage/module.ts';
import { costsModule } from './costs/module.ts';
import { customersModule } from './customers/module.ts';
import { invoicesModule } from './invoices/module.ts';
import { marginsModule } from './margins/module.ts';
import { metersModule } from './meters/module.ts';
import { overageModule } from './overage/module.ts';
import { paymentMethodsModule } from './payment-methods/module.ts';
import { plansModule } from './plans/module.ts';
import { pricesModule } from './prices/module.ts';
import { providerEventsModule } from './provider-events/module.ts';
import { planChangesModule } from './plan-changes/module.ts';
import { reconciliationModule } from './reconciliation/module.ts';
import { spendingModule } from './spending/module.ts';
import { subscriptionsModule } from './subscriptions/module.ts';
import { createUsageModule } from './usage/module.ts';

/**
 * The modules of the domain that bring something into the product, in the order of their arrows.
 * @param earlierModules those of the domains before it, whose meters are recorded
 */
export const createBillingModules = (
  earlierModules: readonly ModuleManifest[],
): readonly ModuleManifest[] => [
  plansModule,
  metersModule,
  createUsageModule(foldModules(earlierModules, 'meters')),
  alertsModule,
  providerEventsModule,
  customersModule,
  subscriptionsModule,
  checkoutsModule,
  pricesModule,
  costsModule,
  aiUsageModule,
  invoicesModule,
  marginsModule,
  paymentMethodsModule,
  overageModule,
  spendingModule,
  billsModule,
  planChangesModule,
  reconciliationModule,
];
