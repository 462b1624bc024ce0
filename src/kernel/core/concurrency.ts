/** Calls to the outside that one request has under way at once: a Worker has six connections for all of its work. */
const CONCURRENT_CALLS = 5;

/** Does the work for each item, a few at a time; the outcomes are in the order of the items. */
export async function mapSettled<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const outcomes: PromiseSettledResult<R>[] = [];
  for (let at = 0; at < items.length; at += CONCURRENT_CALLS)
    outcomes.push(...(await Promise.allSettled(items.slice(at, at + CONCURRENT_CALLS).map(work))));
  return outcomes;
}

/** Does the work for all items, also after one has failed, and then throws the first failure. */
export async function applyToAll<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const failed = (await mapSettled(items, work)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Does the work for each of the items, at most `concurrency` at a time. Resolves when all are done; rejects with the
 * first failure, so `work` handles failures that concern one item alone.
 */
export async function runConcurrently<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const remaining = items.values();
  const worker = async () => {
    for (const item of remaining) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}
