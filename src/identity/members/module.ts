import { defineModule } from '../../kernel/modules/index.ts';
import { memberEvents } from './members.events.ts';
import { memberRoutes } from './members.routes.ts';

export const membersModule = defineModule({
  name: 'identity/members',
  events: memberEvents,
  routes: memberRoutes,
  tools: [{ operation: 'listMembers', risk: 'read' }],
  retention: { members: { rule: 'cascade', how: 'with its organization, and with its user' } },
});
