import { defineModule } from '../../kernel/modules/index.ts';
import { recordingCompressionRequested } from './recording-compressions.events.ts';
import { recordingCompressionRoutes } from './recording-compressions.routes.ts';
import { recordingCompressionSubscriptions } from './recording-compressions.subscriptions.ts';

export const recordingCompressionsModule = defineModule({
  name: 'media/recording-compressions',
  events: [recordingCompressionRequested],
  subscriptions: recordingCompressionSubscriptions,
  routes: recordingCompressionRoutes,
});
