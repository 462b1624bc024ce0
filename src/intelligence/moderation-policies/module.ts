import { defineModule } from '../../kernel/modules/index.ts';
import { policyRoutes } from './moderation-policies.routes.ts';

export const moderationPoliciesModule = defineModule({
  name: 'intelligence/moderation-policies',
  routes: policyRoutes,
  retention: { moderation_policies: { rule: 'cascade', how: 'with its room and organization' } },
});
