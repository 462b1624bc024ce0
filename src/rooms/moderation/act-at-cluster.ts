import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors, withTimeout } from '../../kernel/core/index.ts';
import type { MediaApi } from '../../calls/clusters/index.ts';

/** A verb that has committed does not wait longer for the cluster. */
const CLUSTER_TIMEOUT_MS = 3_000;
/** Calls to a cluster that one verb has under way at once: the runtime has six connections for all of them. */
const CONCURRENT_CALLS = 5;

/**
 * Does something at a call's cluster at once, after the commit. A failure is logged: the effect that was committed makes
 * up for it. @returns whether it was done
 */
export async function actAtCluster(
  { ports, trace, log }: Ctx,
  cluster: string,
  what: string,
  work: (api: MediaApi) => Promise<unknown>,
): Promise<boolean> {
  const timeoutError = () => serverErrors.unavailable({ detail: 'the media cluster did not answer in time' });
  try {
    await withTimeout(work(ports.clusters.api(cluster, trace)), CLUSTER_TIMEOUT_MS, timeoutError);
    return true;
  } catch (error) {
    log.warn('cluster.not_told', { what, cluster, error });
    return false;
  }
}

/** Does the same for each, a few at a time; the outcomes are in the order of the items. */
export async function mapSettled<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<PromiseSettledResult<unknown>[]> {
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (let at = 0; at < items.length; at += CONCURRENT_CALLS)
    outcomes.push(...(await Promise.allSettled(items.slice(at, at + CONCURRENT_CALLS).map(work))));
  return outcomes;
}
