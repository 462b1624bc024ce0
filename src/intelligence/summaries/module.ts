import { userErased } from '../../identity/account-deletion/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { generationEnded } from '../generations/index.ts';
import { forgetPersonInSummaries } from './summaries.queries.ts';
import { settleSummary, sweepSummaries } from './settle-summary.ts';
import { summaryEvents } from './summaries.events.ts';
import { summaryRoutes } from './summaries.routes.ts';

/** A summary says what the transcript says, which names no speaker. Only the request of an erased person is removed. */
async function forgetPerson(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  await ctx.commit({
    scope: systemScope,
    write: (q) => [forgetPersonInSummaries(q, userId)],
    result: undefined,
  });
}

export const summariesModule = defineModule({
  name: 'intelligence/summaries',
  events: summaryEvents,
  routes: summaryRoutes,
  subscriptions: [
    subscribe(generationEnded, 'summaries.settle', settleSummary),
    subscribe(userErased, 'summaries.forget-person', forgetPerson),
  ],
  schedules: [{ name: 'summaries.settle', everyMinutes: 5, run: sweepSummaries }],
  retention: { summaries: { rule: 'cascade', how: 'with its transcription' } },
});
