import { defineModule } from '../../kernel/modules/index.ts';
import { speechRoutes } from './speech.routes.ts';

export const speechModule = defineModule({ name: 'intelligence/speech', routes: speechRoutes });
