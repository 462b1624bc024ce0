import { defineModule } from '../../kernel/modules/index.ts';
import { fileEvents } from './files.events.ts';
import { fileRoutes } from './files.routes.ts';
import { sweepFiles } from './sweep-files.ts';

export const filesModule = defineModule({
  name: 'media/files',
  routes: fileRoutes,
  events: fileEvents,
  schedules: [{ name: 'files.sweep', everyMinutes: 5, run: sweepFiles }],
  retention: {
    files: {
      rule: 'cascade',
      how: 'with its organization and its owner; bytes whose row is gone are deleted within a day',
    },
  },
});
