import { defineModule } from '../../kernel/modules/index.ts';
import { recordingDownloadRoutes } from './recording-downloads.routes.ts';

export const recordingDownloadsModule = defineModule({
  name: 'media/recording-downloads',
  routes: recordingDownloadRoutes,
});
