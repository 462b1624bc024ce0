import { defineModule } from '../../kernel/modules/index.ts';
import { memoryStoringRoutes } from './memory-storing.routes.ts';

export const memoryStoringModule = defineModule({
  name: 'intelligence/memory-storing',
  routes: memoryStoringRoutes,
  tools: [{ operation: 'storeMemories', risk: 'write' }],
});
