import { defineModule } from '../../kernel/modules/index.ts';
import { limitEvents } from './limits.events.ts';
import { limitRoutes } from './limits.routes.ts';
import { limitSubscriptions } from './limits.subscriptions.ts';

export const limitsModule = defineModule({
  name: 'platform/limits',
  events: limitEvents,
  subscriptions: limitSubscriptions,
  routes: limitRoutes,
  storeRetention: { OrgLimiter: { rule: 'expire', how: 'counts of the current windows, gone with them' } },
});
