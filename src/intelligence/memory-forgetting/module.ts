import { defineModule } from '../../kernel/modules/index.ts';
import { memoryForgettingSubscriptions } from './memory-forgetting.subscriptions.ts';
import { sweepLostSources, sweepMemories } from './sweep-memories.ts';

export const memoryForgettingModule = defineModule({
  name: 'intelligence/memory-forgetting',
  subscriptions: memoryForgettingSubscriptions,
  schedules: [
    { name: 'memory_forgetting.expire', everyMinutes: 10, run: sweepMemories },
    { name: 'memory_forgetting.lost_sources', everyMinutes: 10, run: sweepLostSources },
  ],
});
