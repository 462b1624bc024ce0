import { defineModule } from '../../kernel/modules/index.ts';
import { recordingEvents } from './recordings.events.ts';
import { recordingMinutes } from './recordings.meters.ts';
import { recordingRoutes } from './recordings.routes.ts';
import { recordingSubscriptions } from './recordings.subscriptions.ts';
import { sweepClusters, sweepObjects, sweepRecordings } from './sweep-recordings.ts';

export const recordingsModule = defineModule({
  name: 'media/recordings',
  events: recordingEvents,
  subscriptions: recordingSubscriptions,
  routes: recordingRoutes,
  meters: [recordingMinutes],
  schedules: [
    { name: 'recordings.sweep', everyMinutes: 1, run: sweepRecordings },
    { name: 'recordings.sweep_objects', everyMinutes: 1, run: sweepObjects },
    { name: 'recordings.sweep_clusters', everyMinutes: 1, run: sweepClusters },
  ],
  retention: {
    recordings: { rule: 'cascade', how: 'with its room; its object stays in the bucket of the customer' },
  },
});
