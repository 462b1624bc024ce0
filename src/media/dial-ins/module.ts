import { defineModule } from '../../kernel/modules/index.ts';
import { resealPins } from './dial-in-pin.ts';
import { dialInEvents } from './dial-ins.events.ts';
import { dialInRoutes } from './dial-ins.routes.ts';
import { dialInSubscriptions } from './dial-ins.subscriptions.ts';
import { sweepDialIns, sweepRulesOfClusters } from './follow-dial-ins.ts';

export const dialInsModule = defineModule({
  name: 'media/dial-ins',
  events: dialInEvents,
  subscriptions: dialInSubscriptions,
  routes: dialInRoutes,
  schedules: [
    { name: 'dial_ins.sweep', everyMinutes: 1, run: sweepDialIns },
    { name: 'dial_ins.sweep_clusters', everyMinutes: 1, run: sweepRulesOfClusters },
    { name: 'dial_ins.reseal', everyMinutes: 60, run: resealPins },
  ],
  retention: { dial_ins: { rule: 'cascade', how: 'with its room' } },
});
