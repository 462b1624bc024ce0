import { defineModule } from '../../kernel/modules/index.ts';
import { recordingRequestRoutes } from './recording-requests.routes.ts';

export const recordingRequestsModule = defineModule({
  name: 'media/recording-requests',
  routes: recordingRequestRoutes,
});
