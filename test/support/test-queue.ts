import type { Wakeup, WakeupQueue } from '../../src/kernel/delivery/index.ts';

/** A queue of wakeups in memory: first in, first out; a test takes messages from it. */
export interface TestQueue extends WakeupQueue {
  /** Messages that a consumer would receive now. */
  wakeups: Wakeup[];
  /** Messages whose delay is not over. */
  delayed: { wakeup: Wakeup; delaySeconds: number }[];
  /** While true sending fails. */
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
