/** A wake-up for one outbox row. The row is the truth; a ticket that is lost, late or doubled does no harm. */
export interface Ticket {
  id: string;
}

/** Carries tickets to a consumer, in their order, at least once. */
export interface OutboxQueue {
  send(tickets: readonly Ticket[]): Promise<void>;
}

declare module '../context/context.ts' {
  interface Ports {
    outboxQueue: OutboxQueue;
  }
}
