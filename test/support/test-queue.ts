import type { Wakeup, WakeupQueue } from '../../src/kernel/delivery/index.ts';

/** A queue of wakeups in memory: first in, first out, and nothing comes out by itself. */
export interface TestQueue extends WakeupQueue {
  /** Those that a consumer would get now. */
  wakeups: Wakeup[];
  /** Those that the queue holds back. */
  delayed: { wakeup: Wakeup; delaySeconds: number }[];
  /** While true it refuses what is sent. */
  down: boolean;
}

export function createTestQueue(): TestQueue {
  const queue: TestQueue = {
    wakeups: [],
    delayed: [],
    down: false,
    async send(wakeups, delaySeconds = 0) {
      if (queue.down) throw new Error('the queue is down');
      if (delaySeconds === 0) queue.wakeups.push(...wakeups);
      else queue.delayed.push(...wakeups.map((wakeup) => ({ wakeup, delaySeconds })));
    },
  };
  return queue;
}
