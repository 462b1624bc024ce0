import type { Services } from '../src/platform/context/index.ts';
import type { Job } from '../src/platform/outbox/index.ts';

/** What follows from each effect, room by room. */
export const jobs: readonly Job[] = [];

/** The tickets stay in the queue until there is someone to take them. */
export async function handleBatch(batch: MessageBatch, services: Services): Promise<void> {
  services.log.warn('queue.unattended', { queue: batch.queue, messages: batch.messages.length });
  batch.retryAll({ delaySeconds: 60 });
}
