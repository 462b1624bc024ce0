import { defineModule } from '../../kernel/modules/index.ts';
import { recordingDownloadRoutes } from './recording-downloads.routes.ts';

export const recordingDownloadsModule = defineModule({
  name: 'media/recording-downloads',
  routes: recordingDownloadRoutes,
  retention: { recording_openings: { rule: 'cascade', how: 'with its recording' } },
});
