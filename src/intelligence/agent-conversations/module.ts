import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { generationEnded } from '../generations/index.ts';
import { conversationRoutes } from './agent-conversations.routes.ts';
import { messageRoutes } from './messages.routes.ts';
import { endAbandoned } from './end-abandoned.ts';
import { storeAnswer } from './store-answer.ts';

export const agentConversationsModule = defineModule({
  name: 'intelligence/agent-conversations',
  routes: (modules) => [...conversationRoutes, ...messageRoutes(modules)],
  schedules: [{ name: 'agent_conversations.end_abandoned', everyMinutes: 5, run: endAbandoned }],
  subscriptions: [subscribe(generationEnded, 'agent_conversations.store_answer', storeAnswer)],
  retention: {
    agent_conversations: {
      rule: 'cascade',
      how: 'with its agent, and with the account or the API key that owns it',
    },
    agent_messages: { rule: 'cascade', how: 'with its conversation' },
  },
});
