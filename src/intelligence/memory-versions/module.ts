import { defineModule } from '../../kernel/modules/index.ts';
import { memoryVersionRoutes } from './memory-versions.routes.ts';

export const memoryVersionsModule = defineModule({
  name: 'intelligence/memory-versions',
  routes: memoryVersionRoutes,
});
