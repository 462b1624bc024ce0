import { defineModule } from '../../kernel/modules/index.ts';
import { liveTranslationRoutes } from './live-translations.routes.ts';

export const liveTranslationsModule = defineModule({
  name: 'intelligence/live-translations',
  routes: liveTranslationRoutes,
});
