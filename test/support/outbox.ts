import type { OutboxQueue, Ticket } from '../../src/platform/delivery/index.ts';

/** An outbox queue in memory: first in, first out, and nothing comes out by itself. */
export interface TestQueue extends OutboxQueue {
  tickets: Ticket[];
  /** While true it refuses what is sent. */
  down: boolean;
}

export function createTestQueue(): TestQueue {
  const queue: TestQueue = {
    tickets: [],
    down: false,
    async send(tickets) {
      if (queue.down) throw new Error('the queue is down');
      queue.tickets.push(...tickets);
    },
  };
  return queue;
}
