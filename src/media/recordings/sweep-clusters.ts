import { type Services, systemScope } from '../../kernel/context/index.ts';
import type { ClusterRecording, RecorderApi } from '../../calls/clusters/index.ts';
import { mapSettled } from '../../kernel/core/index.ts';
import { selectEgresses } from './recordings.queries.ts';
import { isOver } from './recordings.rules.ts';
import { recordingIdsIn } from './report.rules.ts';

/** How many recorders of a cluster were stopped. */
export interface ClusterSweep {
  cluster: string;
  stopped: number;
}

/** The recordings of the product that a cluster runs and that no open row is about: the row is over, gone, or of another recorder. */
async function findStrays(
  services: Services,
  running: readonly ClusterRecording[],
): Promise<ClusterRecording[]> {
  const ours = running.flatMap((each) => recordingIdsIn(each).map((id) => ({ id, each })));
  if (ours.length === 0) return [];
  const [rows] = await services.database.read(systemScope, (q) => [
    selectEgresses(
      q,
      ours.map(({ id }) => id),
    ),
  ]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const isStray = ({ id, each }: (typeof ours)[number]) => {
    const row = rowOf.get(id);
    return !row || isOver(row.state) || (row.egress !== null && row.egress !== each.egressId);
  };
  return ours.filter(isStray).map(({ each }) => each);
}

async function sweepCluster(services: Services, cluster: string): Promise<ClusterSweep> {
  const api: RecorderApi = services.ports.clusters.recorders(cluster);
  const strays = await findStrays(services, await api.list(null));
  for (const { egressId, room } of strays) {
    services.log.warn('recordings.stray_stopped', { cluster, egressId, room });
    await api.stop(egressId);
  }
  return { cluster, stopped: strays.length };
}

/**
 * Scheduled each minute: stops what a cluster records for the product although nothing here is about it any more. What others record
 * at the same cluster is left alone. A cluster that does not answer keeps no other waiting.
 */
export async function sweepClusters(services: Services): Promise<ClusterSweep[]> {
  const outcomes = await mapSettled(services.ports.clusters.names, (cluster) =>
    sweepCluster(services, cluster),
  );
  return outcomes.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return [outcome.value];
    services.log.warn('recordings.cluster_not_swept', {
      cluster: services.ports.clusters.names[index],
      error: outcome.reason,
    });
    return [];
  });
}
