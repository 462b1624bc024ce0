import { defineModule } from '../../kernel/modules/index.ts';
import { collectOrphans } from './collect-orphans.ts';
import { fileEvents } from './files.events.ts';
import { fileRoutes } from './files.routes.ts';
import { sweepFiles } from './sweep-files.ts';

export const filesModule = defineModule({
  name: 'media/files',
  routes: fileRoutes,
  events: fileEvents,
  schedules: [
    { name: 'files.sweep', everyMinutes: 5, run: sweepFiles },
    { name: 'files.collect_orphans', everyMinutes: 5, run: collectOrphans },
  ],
  retention: {
    files: {
      rule: 'cascade',
      how: 'with its organization and its owner; bytes whose row is gone are collected later, a thousand objects in each run, those of an organization with it',
    },
  },
});
