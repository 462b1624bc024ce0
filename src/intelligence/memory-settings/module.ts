import { defineModule } from '../../kernel/modules/index.ts';
import { memorySettingsRoutes } from './memory-settings.routes.ts';

export const memorySettingsModule = defineModule({
  name: 'intelligence/memory-settings',
  routes: memorySettingsRoutes,
});
