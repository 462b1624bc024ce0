import type { KeepAlive, Services } from '../src/kernel/context/index.ts';
import { deliver, publishPromptly, returnWakeups, type Wakeup } from '../src/kernel/delivery/index.ts';

/** Messages that the queue gives up go to a queue of this name, followed by the environment. */
const DEAD_QUEUE = 'auralink-outbox-dead';

const RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 300;

/** The wakeup in a message; undefined for anything else. */
function wakeupIn({ body }: Message): Wakeup | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('id' in body && typeof body.id === 'string') return { id: body.id };
  return 'partition' in body && typeof body.partition === 'string'
    ? { partition: body.partition }
    : undefined;
}

/** The database could not be asked: the same wakeup again, later each time. */
function retry(message: Message): void {
  const delaySeconds = Math.min(RETRY_SECONDS * 2 ** (message.attempts - 1), LONGEST_RETRY_SECONDS);
  message.retry({ delaySeconds });
}

/** Settles one message by itself and returns the partitions in which something may go now. */
async function settle(message: Message, services: Services, keepAlive: KeepAlive): Promise<string[]> {
  const wakeup = wakeupIn(message);
  if (!wakeup) {
    services.log.error('queue.malformed', { messageId: message.id });
    message.ack();
    return [];
  }
  try {
    const { partitions } = await deliver(services, wakeup, keepAlive);
    message.ack();
    return partitions;
  } catch {
    // `deliver` has logged it; the row keeps its lease, so that it is never lost.
    retry(message);
    return [];
  }
}

/** Wakeups that failed too often: their deliveries wait again, and the sweep sends them once more. */
async function returnDead(batch: MessageBatch, services: Services): Promise<void> {
  const wakeups = batch.messages.map(wakeupIn).filter((wakeup) => wakeup !== undefined);
  try {
    const returned = await returnWakeups(services, wakeups);
    services.log.warn('queue.returned', { queue: batch.queue, messages: batch.messages.length, returned });
    batch.ackAll();
  } catch (error) {
    services.log.error('queue.return_failed', { queue: batch.queue, error });
    batch.messages.forEach(retry);
  }
}

/** A batch of wakeups: all at once, each by itself; then the wakeups that they made room for are published. */
export async function handleBatch(
  batch: MessageBatch,
  services: Services,
  keepAlive: KeepAlive,
): Promise<void> {
  if (batch.queue.startsWith(DEAD_QUEUE)) return returnDead(batch, services);
  const settled = await Promise.all(batch.messages.map((message) => settle(message, services, keepAlive)));
  try {
    await publishPromptly(services, [...new Set(settled.flat())], keepAlive);
  } catch (error) {
    services.log.error('queue.publish_failed', { queue: batch.queue, error });
  }
}
