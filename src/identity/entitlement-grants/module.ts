import { defineModule } from '../../kernel/modules/index.ts';
import { grantEvents } from './entitlement-grants.events.ts';
import { grantRoutes } from './entitlement-grants.routes.ts';

export const entitlementGrantsModule = defineModule({
  name: 'identity/entitlement-grants',
  events: grantEvents,
  routes: grantRoutes,
  retention: { entitlement_grants: { rule: 'cascade', how: 'with its organization' } },
});
