import { defineModule } from '../../kernel/modules/index.ts';
import { downloadRoutes } from './downloads.routes.ts';

export const downloadsModule = defineModule({ name: 'media/downloads', routes: downloadRoutes });
