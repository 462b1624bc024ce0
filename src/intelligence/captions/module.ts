import { defineModule } from '../../kernel/modules/index.ts';
import { captionEvents } from './captions.events.ts';
import { captionMinutes } from './captions.meters.ts';
import { captionRoutes } from './captions.routes.ts';
import { captionSubscriptions } from './captions.subscriptions.ts';
import { sweepCaptions } from './follow-captions.ts';

export const captionsModule = defineModule({
  name: 'intelligence/captions',
  routes: captionRoutes,
  events: captionEvents,
  subscriptions: captionSubscriptions,
  meters: [captionMinutes],
  schedules: [{ name: 'captions.sweep', everyMinutes: 1, run: sweepCaptions }],
  retention: { call_captions: { rule: 'cascade', how: 'with its call' } },
});
