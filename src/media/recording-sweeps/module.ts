import { defineModule } from '../../kernel/modules/index.ts';
import { sweepClusters, sweepObjects, sweepRecordings } from './sweep-recordings.ts';

export const recordingSweepsModule = defineModule({
  name: 'media/recording-sweeps',
  schedules: [
    { name: 'recordings.sweep', everyMinutes: 1, run: sweepRecordings },
    { name: 'recordings.sweep_objects', everyMinutes: 1, run: sweepObjects },
    { name: 'recordings.sweep_clusters', everyMinutes: 1, run: sweepClusters },
  ],
});
