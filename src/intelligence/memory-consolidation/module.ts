import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { memoryTextChanged } from '../memory/index.ts';
import { noteChange, sweepConsolidations } from './consolidate-memories.ts';
import { memoryConsolidationRoutes } from './memory-consolidation.routes.ts';

export const memoryConsolidationModule = defineModule({
  name: 'intelligence/memory-consolidation',
  routes: memoryConsolidationRoutes,
  subscriptions: [subscribe(memoryTextChanged, 'memory-consolidation.note-change', noteChange)],
  schedules: [{ name: 'memory_consolidation.consolidate', everyMinutes: 5, run: sweepConsolidations }],
  retention: {
    memory_consolidation_settings: {
      rule: 'cascade',
      how: 'with the membership of its person, and with the organization',
    },
    memory_consolidations: {
      rule: 'cascade',
      how: 'with its person, agent, room or organization, and once it is processed',
    },
  },
});
