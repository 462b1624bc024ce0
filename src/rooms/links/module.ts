import { defineModule } from '../../kernel/modules/index.ts';
import { linkEvents } from './links.events.ts';
import { linkRoutes } from './links.routes.ts';
import { linkSubscriptions } from './links.subscriptions.ts';
import { sweepVisitors } from './sweep-visitors.ts';

export const linksModule = defineModule({
  name: 'rooms/links',
  events: linkEvents,
  subscriptions: linkSubscriptions,
  routes: linkRoutes,
  tools: [
    { operation: 'listLinks', risk: 'read' },
    { operation: 'createLink', risk: 'write' },
  ],
  schedules: [{ name: 'links.sweep', everyMinutes: 60, run: sweepVisitors }],
  retention: {
    links: { rule: 'cascade', how: 'with its room' },
    link_visitors: {
      rule: 'expire',
      how: '30 days after the link is deleted or has expired; holds a keyed hash, no address',
    },
  },
});
