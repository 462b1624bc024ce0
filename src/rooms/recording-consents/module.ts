import { defineModule } from '../../kernel/modules/index.ts';
import { recordingConsentEvents } from './recording-consents.events.ts';
import { recordingConsentFrames } from './recording-consents.frames.ts';
import { recordingConsentRoutes } from './recording-consents.routes.ts';
import { recordingConsentSubscriptions } from './recording-consents.subscriptions.ts';

export const recordingConsentsModule = defineModule({
  name: 'rooms/recording-consents',
  events: recordingConsentEvents,
  subscriptions: recordingConsentSubscriptions,
  routes: recordingConsentRoutes,
  frames: recordingConsentFrames,
  retention: {
    announced_recordings: { rule: 'cascade', how: 'with its recording; its row is gone once that is over' },
    recording_consents: { rule: 'cascade', how: 'with the call, and with the person' },
  },
});
