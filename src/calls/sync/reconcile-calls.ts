import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
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

/** The results of one run; they are the log line of the scheduled task. */
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

/** Compares the calls of one cluster with its lists, and adds to the report. */
async function sweepOne(
  ctx: Ctx,
  { cluster, callIds }: { cluster: string; callIds: string[] },
  hasTime: () => boolean,
  report: ReconciliationReport,
): Promise<void> {
  try {
    const swept = await sweepCluster(ctx, cluster, callIds, hasTime);
    for (const name of ['calls', 'changed', 'missed', 'deletedRooms'] as const) report[name] += swept[name];
  } catch (error) {
    report.unreachable.push(cluster);
    report.missed += callIds.length;
    ctx.log.error('calls.cluster_not_swept', { cluster, error });
  }
}

async function reconcile(ctx: Ctx, clusters: readonly string[]): Promise<ReconciliationReport> {
  const deadlineMs = ctx.clock.now() + BUDGET_MS;
  const report: ReconciliationReport = {
    calls: 0,
    changed: 0,
    missed: 0,
    deletedRooms: 0,
    unreachable: [],
    orphaned: 0,
    ...(await requeueAndPruneEvents(ctx)),
  };
  const [calls, [orphanCount]] = await ctx.read(
    (q) => [selectCallsToSweep(q, clusters, MAX_CALLS), countOrphanedCalls(q, clusters)],
    systemScope,
  );
  report.orphaned = orphanCount?.orphaned ?? 0;
  if (report.orphaned > 0) ctx.log.warn('calls.orphaned', { orphaned: report.orphaned });
  const byCluster = Map.groupBy(calls, ({ cluster }) => cluster);
  const hasTime = () => ctx.clock.now() < deadlineMs;
  await Promise.all(
    clusters.map((cluster) => {
      const callIds = (byCluster.get(cluster) ?? []).map(({ id }) => id);
      return sweepOne(ctx, { cluster, callIds }, hasTime, report);
    }),
  );
  return report;
}

/**
 * Scheduled each minute: compares the ledger with the clusters' own lists, ends calls that ended without an event or that
 * are overdue, and asks again for lost reductions. A cluster that fails does not affect the others. Bounded to 40 s and
 * 5,000 calls; calls that were left out come first in the next minute.
 */
export function reconcileCalls(services: Services): Promise<ReconciliationReport> {
  return runAsSystem(services, 'calls.reconcile', null, (ctx) =>
    reconcile(ctx, services.ports.clusters.names),
  );
}
