import { defineModule } from '../../kernel/modules/index.ts';
import { fileEvents } from './files.events.ts';
import { fileRoutes } from './files.routes.ts';

export const filesModule = defineModule({
  name: 'media/files',
  routes: fileRoutes,
  events: fileEvents,
  retention: {
    files: {
      rule: 'cascade',
      how: 'with its organization and its owner; bytes whose row is gone are collected later, a thousand objects in each run, those of an organization with it',
    },
  },
});
