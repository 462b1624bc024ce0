import { defineModule } from '../../kernel/modules/index.ts';
import { advanceSubscriptions } from './advance-subscriptions.ts';
import { subscriptionEvents } from './subscriptions.events.ts';
import { subscriptionRoutes } from './subscriptions.routes.ts';
import { subscriptionSubscriptions } from './subscriptions.subscriptions.ts';

export const subscriptionsModule = defineModule({
  name: 'billing/subscriptions',
  events: subscriptionEvents,
  routes: subscriptionRoutes,
  schedules: [{ name: 'subscriptions.advance', everyMinutes: 5, run: advanceSubscriptions }],
  subscriptions: subscriptionSubscriptions,
  retention: {
    subscriptions: { rule: 'cascade', how: 'with its organization; it names no person' },
  },
});
