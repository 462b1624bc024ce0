import { defineModule } from '../../kernel/modules/index.ts';
import { agentRoutes } from './agents.routes.ts';

export const agentsModule = defineModule({
  name: 'intelligence/agents',
  routes: agentRoutes,
  retention: {
    agents: { rule: 'cascade', how: 'with its organization' },
    agent_versions: { rule: 'cascade', how: 'with its agent' },
  },
});
