import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { chatMessageEdited, chatMessageSent } from '../../messaging/chat/index.ts';
import { checkMessages } from './check-messages.ts';

export const moderationChecksModule = defineModule({
  name: 'intelligence/moderation-checks',
  subscriptions: [
    subscribe([chatMessageSent, chatMessageEdited], 'moderation-checks.check-messages', checkMessages),
  ],
});
