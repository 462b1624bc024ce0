import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { generationEnded } from '../generations/index.ts';
import { settleSummary, sweepSummaries } from './settle-summary.ts';
import { summaryEvents } from './summaries.events.ts';
import { summaryRoutes } from './summaries.routes.ts';

export const summariesModule = defineModule({
  name: 'intelligence/summaries',
  events: summaryEvents,
  routes: summaryRoutes,
  subscriptions: [subscribe(generationEnded, 'summaries.settle', settleSummary)],
  schedules: [{ name: 'summaries.settle', everyMinutes: 5, run: sweepSummaries }],
  retention: { summaries: { rule: 'cascade', how: 'with its transcription' } },
});
