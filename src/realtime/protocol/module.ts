import { defineModule } from '../../kernel/modules/index.ts';
import { protocolEvents } from './protocol.events.ts';
import { realtimeRoutes } from './protocol.routes.ts';
import { protocolSubscriptions } from './protocol.subscriptions.ts';

export const protocolModule = defineModule({
  name: 'realtime/protocol',
  events: protocolEvents,
  subscriptions: protocolSubscriptions,
  routes: realtimeRoutes,
});
