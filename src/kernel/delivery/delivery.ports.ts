/** A wake-up for one outbox row. The row is the truth; a ticket that is lost, late or doubled does no harm. */
export interface Wakeup {
  id: string;
}

/** Carries tickets to a consumer, in their order, at least once. */
export interface WakeupQueue {
  send(wakeups: readonly Wakeup[]): Promise<void>;
}

declare module '../context/context.ts' {
  interface Ports {
    wakeupQueue: WakeupQueue;
  }
}
