import type { CallInApi, ClusterEntries, ClusterEntry } from '../../calls/clusters/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { mapSettled } from '../../kernel/core/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { selectKnownOrganizations } from './sweep-phone-numbers.queries.ts';

/** A row that a cluster has something of, or is about to. */
interface RowAtCluster {
  id: string;
  organizationId: string;
  /** Its id at the cluster; null while it is not known. */
  ref: string | null;
  begunAt: Date | null;
}

/** How rows of one kind are compared with the list of a cluster. */
export interface Comparison {
  /** Before the names of its log entries. */
  task: string;
  isOurs(entry: ClusterEntry): boolean;
  entriesOf(api: CallInApi): Pick<ClusterEntries<never>, 'list' | 'remove'>;
  readRows(services: Services, cluster: string): Promise<readonly RowAtCluster[]>;
  /** Creates again what the cluster lost. */
  restore(ctx: Ctx, id: string): Promise<void>;
}

export interface ClusterComparison {
  cluster: string;
  /** On the cluster, and nowhere here. */
  removed: number;
  /** Rows here that the cluster no longer has. */
  missing: number;
}

async function compare(
  services: Services,
  cluster: string,
  { task, isOurs, entriesOf, readRows, restore }: Comparison,
): Promise<ClusterComparison> {
  const { ports, log, database } = services;
  const entries = entriesOf(ports.clusters.callIns(cluster));
  const ours = (await entries.list()).filter(isOurs);
  const organizationIds = ours.map(({ organizationId }) => organizationId);
  const rows = await readRows(services, cluster);
  const [known] = await database.read(systemScope, (q) => [selectKnownOrganizations(q, organizationIds)]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const isKnown = new Set(known.map(({ id }) => id));
  const strays = ours.filter(({ id, ref, organizationId }) => {
    const row = rowOf.get(id);
    // While a creation is under way, its id at the cluster is not known.
    return row ? row.begunAt === null && row.ref !== ref : isKnown.has(organizationId);
  });
  for (const { ref, organizationId, id } of strays) {
    log.warn(`${task}.stray_removed`, { cluster, ref, organizationId, id });
    await entries.remove(ref);
  }
  const listed = new Set(ours.map(({ ref }) => ref));
  const missing = rows.filter(({ ref }) => ref !== null && !listed.has(ref));
  for (const { id } of missing) log.warn(`${task}.missing_at_cluster`, { cluster, id });
  await runSweep(services, `${task}.restore`, missing, (ctx, { id }) => restore(ctx, id));
  return { cluster, removed: strays.length, missing: missing.length };
}

/**
 * Removes what the clusters have for the product without a row here, and creates again what they lost. Objects of
 * others at the same cluster are left alone, also of other installations, which have other organizations. A cluster
 * that does not answer delays no other.
 */
export async function compareWithClusters(
  services: Services,
  comparison: Comparison,
): Promise<ClusterComparison[]> {
  const { names } = services.ports.clusters;
  const outcomes = await mapSettled(names, (cluster) => compare(services, cluster, comparison));
  return outcomes.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return [outcome.value];
    const cluster = names[index];
    services.log.warn(`${comparison.task}.cluster_not_swept`, { cluster, error: outcome.reason });
    return [];
  });
}
