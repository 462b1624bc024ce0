import type { OutboxQueue, Ticket } from '../src/platform/delivery/index.ts';

/** What Cloudflare Queues takes in one batch. */
const BATCH = 100;

/** The outbox's queue; tickets keep their order, batch by batch. */
export function outboxQueue(queue: Queue): OutboxQueue {
  return {
    async send(tickets) {
      for (let start = 0; start < tickets.length; start += BATCH)
        await queue.sendBatch(tickets.slice(start, start + BATCH).map((body: Ticket) => ({ body })));
    },
  };
}
