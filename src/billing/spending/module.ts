import { defineModule } from '../../kernel/modules/index.ts';
import { settleAllSpending } from './settle-spending.ts';
import { spendingEvents } from './spending.events.ts';
import { spendingRoutes } from './spending.routes.ts';
import { spendingSubscriptions } from './spending.subscriptions.ts';

export const spendingModule = defineModule({
  name: 'billing/spending',
  events: spendingEvents,
  subscriptions: spendingSubscriptions,
  routes: spendingRoutes,
  schedules: [{ name: 'spending.settle', everyMinutes: 1, run: settleAllSpending }],
  retention: {
    spending_limits: { rule: 'cascade', how: 'with the organization; it names no person' },
    spending_alerts: { rule: 'cascade', how: 'with the organization; it names no person' },
  },
});
