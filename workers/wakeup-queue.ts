import type { Wakeup, WakeupQueue } from '../src/kernel/delivery/index.ts';

/** Messages that Cloudflare Queues takes in one batch. */
const BATCH = 100;

/** The queue of wakeups; they keep their order, batch by batch. */
export function createWakeupQueue(queue: Queue): WakeupQueue {
  return {
    async send(wakeups, delaySeconds) {
      const options = delaySeconds === undefined ? {} : { delaySeconds };
      for (let start = 0; start < wakeups.length; start += BATCH) {
        const batch = wakeups.slice(start, start + BATCH).map((body: Wakeup) => ({ body }));
        await queue.sendBatch(batch, options);
      }
    },
  };
}
