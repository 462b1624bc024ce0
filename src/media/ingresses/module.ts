import { defineModule } from '../../kernel/modules/index.ts';
import { sweepIngresses, sweepStrayIngresses } from './follow-ingresses.ts';
import { ingressEvents } from './ingresses.events.ts';
import { ingressMinutes } from './ingresses.meters.ts';
import { ingressRoutes } from './ingresses.routes.ts';
import { ingressSubscriptions } from './ingresses.subscriptions.ts';

export const ingressesModule = defineModule({
  name: 'media/ingresses',
  events: ingressEvents,
  subscriptions: ingressSubscriptions,
  routes: ingressRoutes,
  meters: [ingressMinutes],
  schedules: [
    { name: 'ingresses.sweep', everyMinutes: 1, run: sweepIngresses },
    { name: 'ingresses.sweep_clusters', everyMinutes: 1, run: sweepStrayIngresses },
  ],
  retention: { ingresses: { rule: 'cascade', how: 'with its room' } },
});
