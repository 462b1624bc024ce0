import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors, withTimeout } from '../../kernel/core/index.ts';
import type { MediaApi } from './clusters.ports.ts';

/** A verb that has committed waits for the cluster no longer than this. */
const CLUSTER_TIMEOUT_MS = 3_000;

/**
 * Acts on a call at its cluster right after a commit. A failure is logged and not thrown: a subscriber of the committed
 * event repeats the action.
 * @param action names it in the log
 * @returns whether it succeeded
 */
export async function actAtCluster(
  { ports, trace, log }: Ctx,
  cluster: string,
  action: string,
  work: (api: MediaApi) => Promise<unknown>,
): Promise<boolean> {
  const timeoutError = () => serverErrors.unavailable({ detail: 'the media cluster did not answer in time' });
  try {
    await withTimeout(work(ports.clusters.api(cluster, trace)), CLUSTER_TIMEOUT_MS, timeoutError);
    return true;
  } catch (error) {
    log.warn('cluster.action_failed', { action, cluster, error });
    return false;
  }
}
