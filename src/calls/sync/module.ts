import { defineModule } from '../../kernel/modules/index.ts';
import { closeOrphanedCalls } from './close-orphaned-calls.ts';
import { reconcileCalls } from './reconcile-calls.ts';
import { syncEvents } from './sync.events.ts';
import { syncRoutes } from './sync.routes.ts';
import { syncSubscriptions } from './sync.subscriptions.ts';

export const syncModule = defineModule({
  name: 'calls/sync',
  events: syncEvents,
  subscriptions: syncSubscriptions,
  routes: syncRoutes,
  schedules: [
    { name: 'calls.reconcile', everyMinutes: 1, run: reconcileCalls },
    { name: 'calls.close_orphaned', everyMinutes: 1, run: closeOrphanedCalls },
  ],
  retention: {
    livekit_events: {
      rule: 'expire',
      how: 'seven days after they were received; the ledger has their content',
    },
  },
});
