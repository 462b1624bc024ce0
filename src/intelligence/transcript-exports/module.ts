import { defineModule } from '../../kernel/modules/index.ts';
import { transcriptExportRoutes } from './transcript-exports.routes.ts';

export const transcriptExportsModule = defineModule({
  name: 'intelligence/transcript-exports',
  routes: transcriptExportRoutes,
  tools: [{ operation: 'exportTranscript', risk: 'read' }],
});
