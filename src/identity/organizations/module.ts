import { defineModule } from '../../kernel/modules/index.ts';
import { organizationEvents } from './organizations.events.ts';
import { planRoutes } from './plan.routes.ts';
import { organizationRoutes } from './organizations.routes.ts';

export const organizationsModule = defineModule({
  name: 'identity/organizations',
  events: organizationEvents,
  routes: [...organizationRoutes, ...planRoutes],
  retention: {
    organizations: {
      rule: 'cascade',
      how: 'marked as deleted at once; erased 30 days later, unless an owner reopens it',
    },
    plan_changes: { rule: 'cascade', how: 'with the organization; it names no person' },
  },
});
