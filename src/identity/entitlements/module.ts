import { defineModule } from '../../kernel/modules/index.ts';

export const entitlementsModule = defineModule({
  name: 'identity/entitlements',
  retention: { entitlement_grants: { rule: 'cascade', how: 'with its organization' } },
});
