import { defineModule } from '../../kernel/modules/index.ts';
import { aiPreferenceRoutes } from './ai-preferences.routes.ts';

export const aiPreferencesModule = defineModule({
  name: 'intelligence/ai-preferences',
  routes: aiPreferenceRoutes,
  retention: {
    ai_preferences: { rule: 'cascade', how: 'with its organization' },
    ai_personal_preferences: { rule: 'cascade', how: 'with the membership' },
  },
});
