import { defineModule } from '../../kernel/modules/index.ts';
import { incomingFileRoutes } from './incoming-files.routes.ts';

export const incomingFilesModule = defineModule({ name: 'media/incoming-files', routes: incomingFileRoutes });
