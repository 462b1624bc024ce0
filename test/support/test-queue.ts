import type { WakeupQueue, Wakeup } from '../../src/kernel/delivery/index.ts';

/** An outbox queue in memory: first in, first out, and nothing comes out by itself. */
export interface TestQueue extends WakeupQueue {
  wakeups: Wakeup[];
  /** While true it refuses what is sent. */
  down: boolean;
}

export function createTestQueue(): TestQueue {
  const queue: TestQueue = {
    wakeups: [],
    down: false,
    async send(wakeupsToSend) {
      if (queue.down) throw new Error('the queue is down');
      queue.wakeups.push(...wakeupsToSend);
    },
  };
  return queue;
}
