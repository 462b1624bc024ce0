import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { chatMessageEdited, chatMessageSent } from '../../messaging/chat/index.ts';
import { captionsKept } from '../captions/index.ts';
import { generationEnded } from '../generations/index.ts';
import { checkCaptions, checkMessages } from './check-texts.ts';
import { checkRoutes } from './moderation-checks.routes.ts';
import { settleCheck, sweepChecks, sweepWaiting } from './settle-check.ts';

export const moderationChecksModule = defineModule({
  name: 'intelligence/moderation-checks',
  routes: checkRoutes,
  subscriptions: [
    subscribe([chatMessageSent, chatMessageEdited], 'moderation-checks.check-messages', checkMessages),
    subscribe(captionsKept, 'moderation-checks.check-captions', checkCaptions),
    subscribe(generationEnded, 'moderation-checks.settle', settleCheck),
  ],
  schedules: [
    { name: 'moderation-checks.ask', everyMinutes: 1, run: sweepWaiting },
    { name: 'moderation-checks.settle', everyMinutes: 5, run: sweepChecks },
  ],
  retention: {
    moderation_checks: { rule: 'cascade', how: 'with its room and its call; 30 days after it began' },
  },
});
