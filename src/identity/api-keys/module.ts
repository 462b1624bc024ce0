import { defineModule } from '../../kernel/modules/index.ts';
import { apiKeyEvents } from './api-keys.events.ts';
import { apiKeyRoutes } from './api-keys.routes.ts';

export const apiKeysModule = defineModule({
  name: 'identity/api-keys',
  events: apiKeyEvents,
  routes: apiKeyRoutes,
  retention: { api_keys: { rule: 'cascade', how: 'with its organization' } },
});
