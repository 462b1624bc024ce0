import { defineModule } from '../../kernel/modules/index.ts';
import { recordingEvents } from './recordings.events.ts';
import { recordingRoutes } from './recordings.routes.ts';
import { recordingSubscriptions } from './recordings.subscriptions.ts';
import { sweepRecordings } from './sweep-recordings.ts';

export const recordingsModule = defineModule({
  name: 'media/recordings',
  events: recordingEvents,
  subscriptions: recordingSubscriptions,
  routes: recordingRoutes,
  schedules: [{ name: 'recordings.sweep', everyMinutes: 1, run: sweepRecordings }],
  retention: {
    recordings: { rule: 'cascade', how: 'with its room; its object stays in the bucket of the customer' },
  },
});
