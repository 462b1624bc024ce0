import { defineModule } from '../../kernel/modules/index.ts';
import { batchEvents } from './generation-batches.events.ts';
import { batchRoutes } from './generation-batches.routes.ts';
import { batchSubscriptions } from './generation-batches.subscriptions.ts';
import { forgetBatches, pollBatches } from './poll-batches.ts';

export const generationBatchesModule = defineModule({
  name: 'intelligence/generation-batches',
  events: batchEvents,
  routes: batchRoutes,
  subscriptions: batchSubscriptions,
  schedules: [
    { name: 'generation_batches.poll', everyMinutes: 1, run: pollBatches },
    { name: 'generation_batches.forget', everyMinutes: 60, run: forgetBatches },
  ],
  retention: {
    ai_batches: {
      rule: 'expire',
      how: 'a week after its end; with its organization; of a deleted user it does not keep the id',
    },
    ai_batch_requests: { rule: 'cascade', how: 'with its batch' },
  },
});
