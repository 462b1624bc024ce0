import type { Ctx } from '../../kernel/context/index.ts';

/** Counts and logs the times of a cluster that could not be true and were left out of a call's ledger. */
export function countDroppedTimes(
  { telemetry, log }: Pick<Ctx, 'telemetry' | 'log'>,
  callId: string,
  cluster: string,
  dropped: number,
): void {
  if (dropped === 0) return;
  telemetry.counters.add('auralink_isolate_cluster_times_dropped_total', { cluster }, dropped);
  log.warn('calls.times_dropped', { callId, cluster, dropped });
}
