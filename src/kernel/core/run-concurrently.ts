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
