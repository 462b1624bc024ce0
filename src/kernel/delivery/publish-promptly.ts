import type { KeepAlive, Services } from '../context/index.ts';
import { deliver } from './deliver.ts';
import { claimAndWake, publish } from './publish.ts';
import { subscriberOf } from './delivery.rules.ts';

/** How often events of a prompt subscriber are published here, too; the rest is left to the queue. */
const MAX_ROUNDS = 5;

/** Delivers what is claimed for prompt subscribers. @returns partitions in which something may go now */
async function deliverPrompt(
  services: Services,
  ids: readonly string[],
  keepAlive: KeepAlive,
): Promise<string[]> {
  const prompt = ids.filter((id) => services.subscriptions.byName(subscriberOf(id))?.prompt === true);
  const results = await Promise.allSettled(prompt.map((id) => deliver(services, { id }, keepAlive)));
  // `deliver` has logged what failed; the queue has the wakeup of the same delivery.
  return [...new Set(results.flatMap((each) => (each.status === 'fulfilled' ? each.value.partitions : [])))];
}

/**
 * Publishes as `publish` does, and runs the prompt subscribers here and now instead of waiting for the queue. Their wakeups
 * are sent as well: if this isolate ends meanwhile, the queue and the lease still have the delivery.
 * @throws what the queue or the database throws; nothing is lost by it
 */
export async function publishPromptly(
  services: Services,
  partitions: readonly string[],
  keepAlive?: KeepAlive,
): Promise<void> {
  let next = [...partitions];
  for (let round = 0; round < MAX_ROUNDS && next.length > 0; round++) {
    const claimed = await claimAndWake(services, next);
    next = await deliverPrompt(services, claimed, keepAlive ?? (() => undefined));
  }
  await publish(services, next);
}
