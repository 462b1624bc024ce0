import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { memoryTextChanged } from '../memory/index.ts';
import { embedMemories, sweepUnembedded } from './embed-memories.ts';
import { memorySearchEvents } from './memory-search.events.ts';
import { embeddedTokens } from './memory-search.meters.ts';
import { memorySearchRoutes } from './memory-search.routes.ts';

export const memorySearchModule = defineModule({
  name: 'intelligence/memory-search',
  routes: memorySearchRoutes,
  tools: [{ operation: 'recallMemories', risk: 'read' }],
  events: memorySearchEvents,
  meters: [embeddedTokens],
  subscriptions: [subscribe(memoryTextChanged, 'memory-search.embed', embedMemories)],
  schedules: [{ name: 'memory_search.embed_again', everyMinutes: 15, run: sweepUnembedded }],
  retention: { memory_vectors: { rule: 'cascade', how: 'with the passage that it encodes' } },
});
