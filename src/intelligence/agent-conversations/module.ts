import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { generationEnded } from '../generations/index.ts';
import { conversationRoutes } from './agent-conversations.routes.ts';
import { messageRoutes } from './messages.routes.ts';
import { storeAnswer } from './store-answer.ts';
import { endAbandoned, expireConversations } from './sweep-conversations.ts';

export const agentConversationsModule = defineModule({
  name: 'intelligence/agent-conversations',
  routes: (modules) => [...conversationRoutes, ...messageRoutes(modules)],
  schedules: [
    { name: 'agent_conversations.end_abandoned', everyMinutes: 5, run: endAbandoned },
    { name: 'agent_conversations.expire', everyMinutes: 60, run: expireConversations },
  ],
  subscriptions: [subscribe(generationEnded, 'agent_conversations.store_answer', storeAnswer)],
  retention: {
    agent_conversations: {
      rule: 'expire',
      how: 'with its agent, and with the account or the API key that owns it; one of a call 90 days after its last message',
    },
    agent_messages: { rule: 'cascade', how: 'with its conversation' },
  },
});
