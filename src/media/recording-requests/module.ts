import { defineModule } from '../../kernel/modules/index.ts';
import { recordingRequestRoutes } from './recording-requests.routes.ts';
import { recordingRequestSubscriptions } from './recording-requests.subscriptions.ts';

export const recordingRequestsModule = defineModule({
  name: 'media/recording-requests',
  routes: recordingRequestRoutes,
  subscriptions: recordingRequestSubscriptions,
});
