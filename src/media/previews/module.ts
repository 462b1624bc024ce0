import { defineModule } from '../../kernel/modules/index.ts';
import { previewEvents } from './previews.events.ts';
import { previews } from './previews.meters.ts';
import { previewRoutes } from './previews.routes.ts';
import { previewSubscriptions } from './previews.subscriptions.ts';
import { sweepPreviews } from './sweep-previews.ts';

export const previewsModule = defineModule({
  name: 'media/previews',
  routes: previewRoutes,
  events: previewEvents,
  meters: [previews],
  subscriptions: previewSubscriptions,
  schedules: [{ name: 'previews.sweep', everyMinutes: 30, run: sweepPreviews }],
});
