import { defineModule } from '../../kernel/modules/index.ts';

export const entitlementsModule = defineModule({ name: 'identity/entitlements' });
