import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { systemContext, publish } from '../../kernel/delivery/index.ts';
import { deleteOldEvents, selectCallsWithStuckEvents } from './cluster-events.queries.ts';
import { selectCallsToSweep, countOrphanedCalls } from './sweep.queries.ts';
import { type SweepReport, sweepCluster } from './sweep-cluster.ts';
import { callReported } from './sync.events.ts';

const BUDGET_MS = 40_000;
const MAX_CALLS = 5_000;
/** The `call.reported` of an event that is not reduced by then was lost. */
const STUCK_AFTER_MS = 60_000;
const MAX_STUCK_CALLS = 500;
const EVENT_RETENTION_MS = 7 * 86_400_000;
const MAX_DELETED_EVENTS = 5_000;

/** What one run did; it is the log line of the scheduled task. */
export interface ReconciliationReport extends SweepReport {
  /** Clusters that did not answer. Nothing is concluded about their calls. */
  unreachable: string[];
  /** Calls on clusters that are not configured any more: `closeOrphanedCalls` ends them in time. */
  orphaned: number;
  /** Calls whose reduction was asked for again. */
  requeued: number;
  /** Stored events that were older than seven days. */
  deletedEvents: number;
}

/** Asks again for reductions that were lost, and deletes old events. */
async function requeueAndPruneEvents(
  ctx: Ctx,
): Promise<Pick<ReconciliationReport, 'requeued' | 'deletedEvents'>> {
  const now = ctx.clock.now();
  const [stuckCalls, deleted] = await ctx.read(
    (q) => [
      selectCallsWithStuckEvents(q, new Date(now - STUCK_AFTER_MS), MAX_STUCK_CALLS),
      deleteOldEvents(q, new Date(now - EVENT_RETENTION_MS), MAX_DELETED_EVENTS),
    ],
    systemScope,
  );
  if (stuckCalls.length > 0)
    await ctx.commit({
      scope: systemScope,
      write: () => [],
      events: stuckCalls.map(({ callId }) => callReported.of({ callId })),
      result: undefined,
    });
  return { requeued: stuckCalls.length, deletedEvents: deleted.length };
}

/**
 * Scheduled each minute: compares the ledger with the clusters' own lists, ends calls that ended without an event or that
 * are overdue, and asks again for lost reductions. A cluster that fails does not affect the others. Bounded to 40 s and
 * 5,000 calls; calls that were left out come first in the next minute.
 */
export async function reconcileCalls(services: Services): Promise<ReconciliationReport> {
  const { clock, log, ports } = services;
  const partitions = new Set<string>();
  const ctx = systemContext(services, 'calls.reconcile', null, partitions);
  const deadlineMs = clock.now() + BUDGET_MS;
  const report: ReconciliationReport = {
    calls: 0,
    changed: 0,
    missed: 0,
    deletedRooms: 0,
    unreachable: [],
    orphaned: 0,
    ...(await requeueAndPruneEvents(ctx)),
  };
  const clusters = ports.clusters.names;
  const [calls, [orphanCount]] = await ctx.read(
    (q) => [selectCallsToSweep(q, clusters, MAX_CALLS), countOrphanedCalls(q, clusters)],
    systemScope,
  );
  report.orphaned = orphanCount?.orphaned ?? 0;
  if (report.orphaned > 0) log.warn('calls.orphaned', { orphaned: report.orphaned });
  const byCluster = Map.groupBy(calls, ({ cluster }) => cluster);
  const sweepOne = async (cluster: string): Promise<void> => {
    const callIds = (byCluster.get(cluster) ?? []).map(({ id }) => id);
    try {
      const swept = await sweepCluster(ctx, cluster, callIds, () => clock.now() < deadlineMs);
      for (const name of ['calls', 'changed', 'missed', 'deletedRooms'] as const) report[name] += swept[name];
    } catch (error) {
      report.unreachable.push(cluster);
      report.missed += callIds.length;
      log.error('calls.cluster_not_swept', { cluster, error });
    }
  };
  await Promise.all(clusters.map(sweepOne));
  await publish(services, [...partitions]);
  return report;
}
