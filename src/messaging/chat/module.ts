import { defineModule } from '../../kernel/modules/index.ts';
import { chatEvents } from './chat.events.ts';
import { chatRoutes } from './chat.routes.ts';

export const chatModule = defineModule({
  name: 'messaging/chat',
  events: chatEvents,
  routes: chatRoutes,
  tools: [{ operation: 'listMessages', risk: 'read' }],
  retention: {
    chat_messages: {
      rule: 'cascade',
      how: 'with its organization and room, and with the user who sent it',
    },
    chat_reactions: { rule: 'cascade', how: 'with its message' },
  },
});
