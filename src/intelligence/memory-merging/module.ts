import { defineModule } from '../../kernel/modules/index.ts';
import { memoryMergingRoutes } from './memory-merging.routes.ts';

export const memoryMergingModule = defineModule({
  name: 'intelligence/memory-merging',
  routes: memoryMergingRoutes,
  tools: [
    { operation: 'mergeMemory', risk: 'write' },
    { operation: 'unmergeMemory', risk: 'write' },
  ],
});
