import { defineModule } from '../../kernel/modules/index.ts';
import { liveSyncEvents } from './live-sync.events.ts';
import { liveSyncSubscriptions } from './live-sync.subscriptions.ts';

export const liveSyncModule = defineModule({
  name: 'rooms/live-sync',
  events: liveSyncEvents,
  subscriptions: liveSyncSubscriptions,
});
