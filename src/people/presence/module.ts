import { defineModule } from '../../kernel/modules/index.ts';
import { presenceEvents } from './presence.events.ts';
import { presenceFrames } from './presence.frames.ts';
import { presenceRoutes } from './presence.routes.ts';
import { presenceSubscriptions } from './presence.subscriptions.ts';

export const presenceModule = defineModule({
  name: 'people/presence',
  events: presenceEvents,
  subscriptions: presenceSubscriptions,
  routes: presenceRoutes,
  inboxFrames: presenceFrames,
  retention: { presences: { rule: 'cascade', how: 'with the person and with the organization' } },
});
