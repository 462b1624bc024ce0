import { type Ctx, type Services, systemScope } from '../../platform/context/index.ts';
import { clockCtx, publish } from '../../platform/delivery/index.ts';
import { deleteEvents, forgottenCalls, isOurs, reported } from '../intake/index.ts';
import { callsToSweep, countStrays } from './reconciliation.queries.ts';
import { type Swept, sweepCluster } from './sweep-cluster.ts';

const BUDGET_MS = 40_000;
const MOST_CALLS = 5_000;
/** Events that have waited longer than this have lost their effect. */
const FORGOTTEN_AFTER_MS = 60_000;
const MOST_FORGOTTEN = 500;
const EVENTS_KEPT_MS = 7 * 86_400_000;
const MOST_DELETED = 5_000;

export interface Reconciled extends Swept {
  /** Clusters that did not answer: of their calls nothing is concluded. */
  silent: string[];
  /** Calls that go on at clusters that are not configured any more: `closeStrays` gives them up in time. */
  strays: number;
  requeued: number;
  forgotten: number;
}

/** Brings events on their way whose effect was lost, and forgets what is old. */
async function tidyEvents(ctx: Ctx): Promise<{ requeued: number; forgotten: number }> {
  const now = ctx.clock.now();
  const [waiting, deleted] = await ctx.read(
    (q) => [
      forgottenCalls(q, new Date(now - FORGOTTEN_AFTER_MS), MOST_FORGOTTEN),
      deleteEvents(q, new Date(now - EVENTS_KEPT_MS), MOST_DELETED),
    ],
    systemScope,
  );
  if (waiting.length > 0)
    await ctx.commit({
      scope: systemScope,
      write: () => [],
      effects: waiting.map(({ callId }) => reported(callId)),
      result: undefined,
    });
  return { requeued: waiting.length, forgotten: deleted.length };
}

/**
 * Compares the ledger with the clusters' own lists, ends what ended unseen or lasts too long, and brings lost work on
 * its way. A cluster that fails leaves the others alone. Bounded: what is left over is first in the next minute.
 */
export async function reconcileCalls(services: Services): Promise<Reconciled> {
  const { clock, log, ports } = services;
  const lanes = new Set<string>();
  const ctx = clockCtx(services, 'calls.reconcile', null, lanes);
  const deadlineMs = clock.now() + BUDGET_MS;
  const report: Reconciled = {
    calls: 0,
    changed: 0,
    missed: 0,
    deleted: 0,
    silent: [],
    strays: 0,
    ...(await tidyEvents(ctx)),
  };
  const clusters = ports.clusters.names;
  const [calls, [strays]] = await ctx.read(
    (q) => [callsToSweep(q, clusters, MOST_CALLS), countStrays(q, clusters)],
    systemScope,
  );
  report.strays = strays?.strays ?? 0;
  if (report.strays > 0) log.warn('calls.strays', { strays: report.strays });
  const byCluster = Map.groupBy(calls, ({ cluster }) => cluster);
  const sweepOne = async (cluster: string): Promise<void> => {
    const known = (byCluster.get(cluster) ?? []).map(({ id }) => id);
    try {
      const swept = await sweepCluster(ctx, cluster, known, {
        isOurs,
        mayGoOn: () => clock.now() < deadlineMs,
      });
      for (const name of ['calls', 'changed', 'missed', 'deleted'] as const) report[name] += swept[name];
    } catch (error) {
      report.silent.push(cluster);
      report.missed += known.length;
      log.error('calls.cluster_not_swept', { cluster, error });
    }
  };
  await Promise.all(clusters.map(sweepOne));
  await publish(services, [...lanes]);
  return report;
}
