import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { systemContext, publish } from '../../kernel/delivery/index.ts';
import { deleteOldEvents, selectCallsWithStuckEvents } from './cluster-events.queries.ts';
import { isCallRoom, callReportedEvent } from './sync.rules.ts';
import { selectCallsToSweep, countOrphanedCalls } from './sweep.queries.ts';
import { type SweepReport, sweepCluster } from './sweep-cluster.ts';

const BUDGET_MS = 40_000;
const MAX_CALLS = 5_000;
/** Events that have waited longer than this have lost their effect. */
const STUCK_AFTER_MS = 60_000;
const MAX_STUCK_CALLS = 500;
const EVENT_RETENTION_MS = 7 * 86_400_000;
const MAX_DELETED_EVENTS = 5_000;

export interface ReconciliationReport extends SweepReport {
  /** Clusters that did not answer: of their calls nothing is concluded. */
  silent: string[];
  /** Calls that go on at clusters that are not configured any more: `closeStrays` gives them up in time. */
  strays: number;
  requeued: number;
  forgotten: number;
}

/** Brings events on their way whose effect was lost, and forgets what is old. */
async function requeueAndPruneEvents(ctx: Ctx): Promise<{ requeued: number; forgotten: number }> {
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
      events: stuckCalls.map(({ callId }) => callReportedEvent(callId)),
      result: undefined,
    });
  return { requeued: stuckCalls.length, forgotten: deleted.length };
}

/**
 * Compares the ledger with the clusters' own lists, ends what ended unseen or lasts too long, and brings lost work on
 * its way. A cluster that fails leaves the others alone. Bounded: what is left over is first in the next minute.
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
    deleted: 0,
    silent: [],
    strays: 0,
    ...(await requeueAndPruneEvents(ctx)),
  };
  const clusters = ports.clusters.names;
  const [calls, [orphanCount]] = await ctx.read(
    (q) => [selectCallsToSweep(q, clusters, MAX_CALLS), countOrphanedCalls(q, clusters)],
    systemScope,
  );
  report.strays = orphanCount?.strays ?? 0;
  if (report.strays > 0) log.warn('calls.strays', { strays: report.strays });
  const byCluster = Map.groupBy(calls, ({ cluster }) => cluster);
  const sweepOne = async (cluster: string): Promise<void> => {
    const openCallIds = (byCluster.get(cluster) ?? []).map(({ id }) => id);
    try {
      const swept = await sweepCluster(ctx, cluster, openCallIds, {
        isOurs: isCallRoom,
        mayGoOn: () => clock.now() < deadlineMs,
      });
      for (const name of ['calls', 'changed', 'missed', 'deleted'] as const) report[name] += swept[name];
    } catch (error) {
      report.silent.push(cluster);
      report.missed += openCallIds.length;
      log.error('calls.cluster_not_swept', { cluster, error });
    }
  };
  await Promise.all(clusters.map(sweepOne));
  await publish(services, [...partitions]);
  return report;
}
