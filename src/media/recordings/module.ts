import { defineModule } from '../../kernel/modules/index.ts';
import { recordingEvents } from './recordings.events.ts';
import { recordingMinutes } from './recordings.meters.ts';
import { recordingRoutes } from './recordings.routes.ts';
import { recordingSubscriptions } from './recordings.subscriptions.ts';

export const recordingsModule = defineModule({
  name: 'media/recordings',
  events: recordingEvents,
  subscriptions: recordingSubscriptions,
  routes: recordingRoutes,
  tools: [
    { operation: 'listRecordings', risk: 'read' },
    { operation: 'getRecording', risk: 'read' },
    { operation: 'deleteRecording', risk: 'destructive' },
  ],
  meters: [recordingMinutes],
  retention: {
    recordings: { rule: 'cascade', how: 'with its room; its object stays in the bucket of the customer' },
  },
});
