import { defineModule } from '../../kernel/modules/index.ts';
import { fileLinkEvents } from './file-links.events.ts';
import { fileLinkRoutes } from './file-links.routes.ts';
import { sharedFileRoutes } from './shared-files.routes.ts';

export const fileLinksModule = defineModule({
  name: 'media/file-links',
  routes: [...fileLinkRoutes, ...sharedFileRoutes],
  events: fileLinkEvents,
  retention: {
    file_links: {
      rule: 'cascade',
      how: 'with its file, its creator and its organization; at most 50 of a file',
    },
  },
});
