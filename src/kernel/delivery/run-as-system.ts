import { type Ctx, openCtx, type Services } from '../context/index.ts';
import { isStale } from '../core/index.ts';
import { publish } from './publish.ts';

const systemContext = (
  services: Services,
  name: string,
  organizationId: string | null,
  partitions: Set<string>,
): Ctx =>
  openCtx(services, {
    actor: { kind: 'system', name, organizationId },
    keepAlive: () => services.log.error('after.unavailable', { name }),
    onEvents: (written) => written.forEach((partition) => partitions.add(partition)),
  });

/**
 * Runs work that no request and no event started, such as a scheduled task, and publishes the events that it wrote, also
 * when it failed in between.
 * @param name what the audit log calls the actor, `module.task`
 * @param organizationId whose data the work may change; null for a task about all organizations
 * @throws what the work throws, or what `publish` throws; an AggregateError when both fail, the error of the work first
 */
export async function runAsSystem<T>(
  services: Services,
  name: string,
  organizationId: string | null,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  const partitions = new Set<string>();
  const [worked] = await Promise.allSettled([
    work(systemContext(services, name, organizationId, partitions)),
  ]);
  const [published] = await Promise.allSettled([publish(services, [...partitions])]);
  if (worked.status === 'rejected' && published.status === 'rejected')
    throw new AggregateError(
      [worked.reason, published.reason],
      `${name} failed, and so did publishing its events`,
    );
  if (worked.status === 'rejected') throw worked.reason;
  if (published.status === 'rejected') throw published.reason;
  return worked.value;
}

/** How many items of a sweep were done, and how many failed and are left to the next run. */
export interface SweepOutcome {
  done: number;
  failed: number;
}

/**
 * Does the work of a sweep for each item, one after the other, each in the name of its organization. An item that fails is
 * logged and left to the next run, and stops no other; an item that somebody else changed at the same moment is neither
 * done nor failed, nor is one for which the work returns false. Publishes the written events at the end.
 * @param items what is due; `id` names the item in the log
 */
export async function runSweep<T extends { organizationId: string | null; id?: string }>(
  services: Services,
  name: string,
  items: readonly T[],
  work: (ctx: Ctx, item: T) => Promise<boolean | void>,
): Promise<SweepOutcome> {
  const partitions = new Set<string>();
  const outcome: SweepOutcome = { done: 0, failed: 0 };
  for (const item of items) {
    const { id, organizationId } = item;
    try {
      const changed = await work(systemContext(services, name, organizationId, partitions), item);
      if (changed !== false) outcome.done++;
    } catch (error) {
      if (isStale(error)) continue;
      outcome.failed++;
      services.log.warn('sweep.item_failed', { name, id, organizationId, error });
    }
  }
  await publish(services, [...partitions]);
  return outcome;
}
