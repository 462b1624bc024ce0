import type { WakeupQueue, Wakeup } from '../src/kernel/delivery/index.ts';

/** What Cloudflare Queues takes in one batch. */
const BATCH_SIZE = 100;

/** The outbox's queue; tickets keep their order, batch by batch. */
export function createWakeupQueue(queue: Queue): WakeupQueue {
  return {
    async send(wakeups) {
      for (let start = 0; start < wakeups.length; start += BATCH_SIZE)
        await queue.sendBatch(wakeups.slice(start, start + BATCH_SIZE).map((body: Wakeup) => ({ body })));
    },
  };
}
