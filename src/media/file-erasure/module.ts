import { defineModule } from '../../kernel/modules/index.ts';
import { collectOrphans } from './collect-orphans.ts';
import { sweepFiles } from './sweep-files.ts';

export const fileErasureModule = defineModule({
  name: 'media/file-erasure',
  schedules: [
    { name: 'files.sweep', everyMinutes: 5, run: sweepFiles },
    { name: 'files.collect_orphans', everyMinutes: 5, run: collectOrphans },
  ],
});
