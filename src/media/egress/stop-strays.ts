import { type Services, systemScope } from '../../kernel/context/index.ts';
import { mapSettled } from '../../kernel/core/index.ts';
import { selectKnownCalls } from './egress.queries.ts';

/** An egress that a cluster runs. */
interface RunningEgress {
  egressId: string;
  /** The LiveKit room: the call's id. */
  room: string;
}

/** The rows that egresses may be about, and how they are found. */
export interface StraySearch<Listed extends RunningEgress> {
  /** Names it in the log: `recordings`. */
  name: string;
  /** What the cluster runs. */
  api(cluster: string): { list(room: null): Promise<Listed[]>; stop(egressId: string): Promise<unknown> };
  /** The ids of rows that an egress carries; egresses of others carry none. */
  idsIn(listed: Listed): string[];
  /** The rows with these ids, of any organization. */
  readRows(ids: string[]): Promise<{ id: string; state: string; egress: string | null }[]>;
  isOver(state: string): boolean;
}

/** How many egresses of a cluster were stopped. */
export interface ClusterSweep {
  cluster: string;
  stopped: number;
}

/**
 * Egresses without an open row: the row is over, gone, or names another egress. Without any row only those of calls known here,
 * because another installation may have its own at the same cluster.
 */
async function findStrays<Listed extends RunningEgress>(
  { database }: Services,
  { readRows, idsIn, isOver }: StraySearch<Listed>,
  running: readonly Listed[],
): Promise<Listed[]> {
  const ours = running.flatMap((each) => idsIn(each).map((id) => ({ id, each })));
  if (ours.length === 0) return [];
  const rows = await readRows(ours.map(({ id }) => id));
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const callIds = ours.flatMap(({ id, each }) => (rowOf.has(id) ? [] : [each.room]));
  const [known] = callIds.length
    ? await database.read(systemScope, (q) => [selectKnownCalls(q, callIds)])
    : [[]];
  const isKnown = new Set(known.map(({ id }) => id));
  const isStray = ({ id, each }: (typeof ours)[number]) => {
    const row = rowOf.get(id);
    if (!row) return isKnown.has(each.room);
    return isOver(row.state) || (row.egress !== null && row.egress !== each.egressId);
  };
  return ours.filter(isStray).map(({ each }) => each);
}

async function sweepCluster<Listed extends RunningEgress>(
  services: Services,
  search: StraySearch<Listed>,
  cluster: string,
): Promise<ClusterSweep> {
  const api = search.api(cluster);
  const strays = await findStrays(services, search, await api.list(null));
  for (const { egressId, room } of strays) {
    services.log.warn(`${search.name}.stray_stopped`, { cluster, egressId, room });
    await api.stop(egressId);
  }
  return { cluster, stopped: strays.length };
}

/**
 * Stops egresses that the clusters run for the product without a row here. A cluster that does not answer delays no
 * other.
 */
export async function stopStrays<Listed extends RunningEgress>(
  services: Services,
  search: StraySearch<Listed>,
): Promise<ClusterSweep[]> {
  const { names } = services.ports.clusters;
  const outcomes = await mapSettled(names, (cluster) => sweepCluster(services, search, cluster));
  return outcomes.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return [outcome.value];
    services.log.warn(`${search.name}.cluster_not_swept`, { cluster: names[index], error: outcome.reason });
    return [];
  });
}
