/**
 * A message that wakes the consumer: for one delivery, or for a partition in which something has become due. The rows
 * are the truth; a wakeup that is lost, late or doubled does no harm.
 */
export type Wakeup = { id: string } | { partition: string };

/** Carries wakeups to a consumer, in their order, at least once. */
export interface WakeupQueue {
  /** @param delaySeconds how long the queue holds them back, at most `MAX_WAKEUP_DELAY_SECONDS`; default 0 */
  send(wakeups: readonly Wakeup[], delaySeconds?: number): Promise<void>;
}

declare module '../context/context.ts' {
  interface Ports {
    wakeupQueue: WakeupQueue;
  }
}
