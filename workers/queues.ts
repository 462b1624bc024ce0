import { recoverySubscriptions } from '../src/identity/recovery/index.ts';
import { apiKeyEvents } from '../src/identity/api-keys/index.ts';
import { invitationSubscriptions } from '../src/identity/invitations/index.ts';
import { memberEvents } from '../src/identity/members/index.ts';
import { realtimeSubscriptions } from '../src/realtime/protocol/index.ts';
import { chatEvents } from '../src/messaging/chat/index.ts';
import { auditSubscriptions } from '../src/platform/audit-trail/index.ts';
import { organizationEvents } from '../src/identity/organizations/index.ts';
import { admissionSubscriptions } from '../src/rooms/admission/index.ts';
import { lobbySubscriptions } from '../src/rooms/lobby/index.ts';
import { breakoutSubscriptions } from '../src/rooms/breakouts/index.ts';
import { liveSyncSubscriptions } from '../src/rooms/live-sync/index.ts';
import { offboardingSubscriptions } from '../src/rooms/offboarding/index.ts';
import { moderationSubscriptions } from '../src/rooms/moderation/index.ts';
import { moveSubscriptions } from '../src/rooms/moves/index.ts';
import { pollSubscriptions } from '../src/rooms/polls/index.ts';
import { callEvents } from '../src/calls/calls/index.ts';
import { syncSubscriptions } from '../src/calls/sync/index.ts';
import { linkEvents } from '../src/rooms/links/index.ts';
import { contactSubscriptions } from '../src/people/contacts/index.ts';
import { withPresenceNotifications, presenceSubscriptions } from '../src/people/presence/index.ts';
import { ringSubscriptions } from '../src/people/ringing/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import {
  deliver,
  type KeepAlive,
  publish,
  returnWakeups,
  type Wakeup,
} from '../src/kernel/delivery/index.ts';
import { limitSubscriptions } from '../src/platform/limits/index.ts';
import type { Subscription } from '../src/kernel/events/index.ts';

/** What follows from each effect, room by room. */
export const subscriptions: readonly Subscription[] = withPresenceNotifications([
  ...recoverySubscriptions,
  ...organizationEvents,
  ...memberEvents,
  ...invitationSubscriptions,
  ...apiKeyEvents,
  ...limitSubscriptions,
  ...callEvents,
  ...syncSubscriptions,
  ...linkEvents,
  ...admissionSubscriptions,
  ...lobbySubscriptions,
  ...moderationSubscriptions,
  ...liveSyncSubscriptions,
  ...offboardingSubscriptions,
  ...moveSubscriptions,
  ...breakoutSubscriptions,
  ...pollSubscriptions,
  ...contactSubscriptions,
  ...presenceSubscriptions,
  ...ringSubscriptions,
  ...auditSubscriptions,
  ...realtimeSubscriptions,
  ...chatEvents,
]);

/** What the queue gives up on goes to a queue of this name; the environment follows it. */
const DEAD_LETTER_QUEUE = 'auralink-outbox-dead';

const RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 300;

/** The ticket in a message; undefined for anything else, which no row knows of. */
function parseWakeup({ body }: Message): Wakeup | undefined {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  return typeof id === 'string' ? { id } : undefined;
}

/** The database could not be asked: the same ticket again, later each time. */
function retryLater(message: Message): void {
  const delaySeconds = Math.min(RETRY_SECONDS * 2 ** (message.attempts - 1), LONGEST_RETRY_SECONDS);
  message.retry({ delaySeconds });
}

/** Settles one message by itself and tells in which lanes something may go now. */
async function handleMessage(
  message: Message,
  services: Services,
  handlers: readonly Subscription[],
  keepAlive: KeepAlive,
): Promise<string[]> {
  const wakeup = parseWakeup(message);
  if (!wakeup) {
    services.log.error('queue.malformed', { messageId: message.id });
    message.ack();
    return [];
  }
  try {
    const { partitions } = await deliver(services, handlers, wakeup, keepAlive);
    message.ack();
    return partitions;
  } catch {
    // consumeTicket has logged it; the row keeps its lease, so that it is never lost.
    retryLater(message);
    return [];
  }
}

/** Tickets that were refused too often: their rows wait again, and the sweep sends them anew. */
async function returnDeadLetters(batch: MessageBatch, services: Services): Promise<void> {
  const wakeups = batch.messages.map(parseWakeup).filter((wakeup) => wakeup !== undefined);
  try {
    const returned = await returnWakeups(services, wakeups);
    services.log.warn('queue.returned', { queue: batch.queue, messages: batch.messages.length, returned });
    batch.ackAll();
  } catch (error) {
    services.log.error('queue.return_failed', { queue: batch.queue, error });
    batch.messages.forEach(retryLater);
  }
}

/** A batch of tickets: all at once, each by itself; then whatever they made room for goes on its way. */
export async function handleBatch(
  batch: MessageBatch,
  services: Services,
  keepAlive: KeepAlive,
  handlers: readonly Subscription[] = subscriptions,
): Promise<void> {
  if (batch.queue.startsWith(DEAD_LETTER_QUEUE)) return returnDeadLetters(batch, services);
  const partitionLists = await Promise.all(
    batch.messages.map((message) => handleMessage(message, services, handlers, keepAlive)),
  );
  try {
    await publish(services, [...new Set(partitionLists.flat())]);
  } catch (error) {
    services.log.error('queue.publish_failed', { queue: batch.queue, error });
  }
}
