import { defineModule } from '../../kernel/modules/index.ts';
import { endLostGenerations } from './finish-generation.ts';
import { generationEvents } from './generations.events.ts';
import { tokenMeters } from './generations.meters.ts';
import { generationRoutes } from './generations.routes.ts';
import { generationSubscriptions } from './generations.subscriptions.ts';

export const generationsModule = defineModule({
  name: 'intelligence/generations',
  events: generationEvents,
  routes: generationRoutes,
  subscriptions: generationSubscriptions,
  schedules: [{ name: 'generations.end_lost', everyMinutes: 5, run: endLostGenerations }],
  meters: tokenMeters,
  retention: {
    ai_generations: {
      rule: 'cascade',
      how: 'with its organization; of a deleted user it does not keep the id',
    },
  },
  storeRetention: {
    AiGeneration: { rule: 'expire', how: 'the answer 15 minutes after its end; the question is not stored' },
  },
});
