import { defineModule } from '../../kernel/modules/index.ts';
import { alertEvents } from './alerts.events.ts';
import { alertRoutes } from './alerts.routes.ts';
import { alertSubscriptions } from './alerts.subscriptions.ts';

export const alertsModule = defineModule({
  name: 'billing/alerts',
  events: alertEvents,
  subscriptions: alertSubscriptions,
  routes: alertRoutes,
  retention: {
    usage_thresholds: { rule: 'cascade', how: 'with the organization; it names no person' },
    usage_alerts: { rule: 'cascade', how: 'with the organization; it names no person' },
  },
});
