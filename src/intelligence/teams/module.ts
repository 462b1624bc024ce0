import { defineModule } from '../../kernel/modules/index.ts';
import { teamDeleted } from './teams.events.ts';
import { teamRoutes } from './teams.routes.ts';
import { templateRoutes } from './templates.routes.ts';

export const teamsModule = defineModule({
  name: 'intelligence/teams',
  events: [teamDeleted],
  routes: [...teamRoutes, ...templateRoutes],
  retention: { agent_teams: { rule: 'cascade', how: 'with its organization' } },
});
