import { defineModule } from '../../kernel/modules/index.ts';
import { glossaryRoutes } from './glossaries.routes.ts';
import { translationRoutes } from './translations.routes.ts';

export const translationsModule = defineModule({
  name: 'intelligence/translations',
  routes: [...translationRoutes, ...glossaryRoutes],
  retention: { glossaries: { rule: 'cascade', how: 'with its organization' } },
});
