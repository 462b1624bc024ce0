import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { generationEnded } from '../generations/index.ts';
import { questionRoutes } from './call-questions.routes.ts';
import { settleQuestion, sweepQuestions } from './settle-question.ts';

export const callQuestionsModule = defineModule({
  name: 'intelligence/call-questions',
  routes: questionRoutes,
  subscriptions: [subscribe(generationEnded, 'call-questions.settle', settleQuestion)],
  schedules: [{ name: 'call-questions.settle', everyMinutes: 5, run: sweepQuestions }],
  retention: {
    call_questions: { rule: 'cascade', how: 'with its call, its transcript and the person who asked' },
  },
});
