import { defineModule } from '../../kernel/modules/index.ts';
import { streamEvents } from './streams.events.ts';
import { streamMinutes } from './streams.meters.ts';
import { streamRoutes } from './streams.routes.ts';
import { streamSubscriptions } from './streams.subscriptions.ts';
import { sweepStreamers, sweepStreams } from './sweep-streams.ts';

export const streamsModule = defineModule({
  name: 'media/streams',
  events: streamEvents,
  subscriptions: streamSubscriptions,
  routes: streamRoutes,
  meters: [streamMinutes],
  schedules: [
    { name: 'streams.sweep', everyMinutes: 1, run: sweepStreams },
    { name: 'streams.sweep_clusters', everyMinutes: 1, run: sweepStreamers },
  ],
  retention: {
    streams: { rule: 'cascade', how: 'with its room; its segments stay in the bucket of the customer' },
  },
});
