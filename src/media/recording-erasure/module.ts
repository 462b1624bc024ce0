import { defineModule } from '../../kernel/modules/index.ts';
import { collectRecordingOrphans } from './collect-recording-orphans.ts';

export const recordingErasureModule = defineModule({
  name: 'media/recording-erasure',
  schedules: [{ name: 'recordings.collect_orphans', everyMinutes: 5, run: collectRecordingOrphans }],
});
