import { userErased } from '../../identity/account-deletion/index.ts';
import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { answerCacheRoutes } from './answer-cache.routes.ts';
import { forgetPerson, sweepAnswers } from './manage-cache.ts';

export const answerCacheModule = defineModule({
  name: 'intelligence/answer-cache',
  routes: answerCacheRoutes,
  subscriptions: [subscribe(userErased, 'answer_cache.forget-person', forgetPerson)],
  schedules: [{ name: 'answer_cache.sweep', everyMinutes: 60, run: sweepAnswers }],
  retention: {
    ai_answers: {
      rule: 'expire',
      how: 'after a week at most; with its organization, and with the user who asked',
    },
    ai_answer_savings: { rule: 'cascade', how: 'with its organization' },
  },
});
