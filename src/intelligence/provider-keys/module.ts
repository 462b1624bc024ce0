import { defineModule } from '../../kernel/modules/index.ts';
import { customProviderRoutes } from './custom-providers.routes.ts';
import { providerKeyRoutes } from './provider-keys.routes.ts';
import { resealKeys } from './reseal-keys.ts';

export const providerKeysModule = defineModule({
  name: 'intelligence/provider-keys',
  routes: [...providerKeyRoutes, ...customProviderRoutes],
  schedules: [{ name: 'ai_provider_keys.reseal', everyMinutes: 60, run: resealKeys }],
  retention: {
    ai_provider_keys: {
      rule: 'cascade',
      how: 'with its organization; of a deleted user it does not keep the id',
    },
  },
});
