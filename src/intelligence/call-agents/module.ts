import { defineModule } from '../../kernel/modules/index.ts';
import { callAgentRoutes } from './call-agents.routes.ts';
import { processRoutes } from './process.routes.ts';

export const callAgentsModule = defineModule({
  name: 'intelligence/call-agents',
  routes: [...callAgentRoutes, ...processRoutes],
  retention: {
    call_agents: {
      rule: 'cascade',
      how: 'with its room, its agent, its conversation, and the account of the person who invited it',
    },
    call_agent_speech: { rule: 'cascade', how: 'with the agent in the call' },
  },
});
