import { defineModule } from '../../kernel/modules/index.ts';
import { memoryEvents } from './memory.events.ts';
import { memoryRoutes } from './memory.routes.ts';

const WITH_MEMORY = { rule: 'cascade', how: 'with its memory' } as const;

export const memoryModule = defineModule({
  name: 'intelligence/memory',
  routes: memoryRoutes,
  tools: [
    { operation: 'listMemories', risk: 'read' },
    { operation: 'getMemory', risk: 'read' },
    { operation: 'updateMemory', risk: 'write' },
    { operation: 'deleteMemory', risk: 'destructive' },
  ],
  events: memoryEvents,
  retention: {
    memories: {
      rule: 'cascade',
      how:
        'with the membership of its person, with its agent, room and organization, with its last ' +
        'source, with the first of the memories that it was derived from, and when it expires',
    },
    memory_sources: WITH_MEMORY,
    memory_versions: WITH_MEMORY,
    memory_chunks: WITH_MEMORY,
    memory_settings: { rule: 'cascade', how: 'with the membership of its person' },
  },
});
