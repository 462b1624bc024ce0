import { defineModule } from '../../kernel/modules/index.ts';
import { modelRoutes } from './models.routes.ts';

export const modelsModule = defineModule({ name: 'intelligence/models', routes: modelRoutes });
