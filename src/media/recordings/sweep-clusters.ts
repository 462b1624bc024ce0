import type { ClusterRecording } from '../../calls/clusters/index.ts';
import { type Services, systemScope } from '../../kernel/context/index.ts';
import { type ClusterSweep, stopStrays } from '../egress/index.ts';
import type { RecordingState } from './recordings.enums.ts';
import { selectEgresses } from './recordings.queries.ts';
import { isOver } from './recordings.rules.ts';
import { recordingIdsIn } from './report.rules.ts';

/**
 * Scheduled each minute: stops what a cluster records for the product although nothing here is about it any more. What others record
 * at the same cluster is left alone.
 */
export const sweepClusters = (services: Services): Promise<ClusterSweep[]> =>
  stopStrays<ClusterRecording>(services, {
    name: 'recordings',
    api: (cluster) => services.ports.clusters.recorders(cluster),
    idsIn: recordingIdsIn,
    readRows: async (ids) => {
      const [rows] = await services.database.read(systemScope, (q) => [selectEgresses(q, ids)]);
      return rows;
    },
    isOver: (state) => isOver(state as RecordingState),
  });
