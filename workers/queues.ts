import { accountJobs } from '../src/identity/accounts/index.ts';
import { apiKeyJobs } from '../src/identity/api-keys/index.ts';
import { invitationJobs } from '../src/identity/invitations/index.ts';
import { memberJobs } from '../src/identity/members/index.ts';
import { realtimeJobs } from '../src/meetings/realtime/index.ts';
import { chatJobs } from '../src/messaging/chat/index.ts';
import { auditJobs } from '../src/platform/audit-trail/index.ts';
import { organizationJobs } from '../src/identity/organizations/index.ts';
import { admissionJobs } from '../src/meetings/admission/index.ts';
import { lobbyJobs } from '../src/meetings/lobby/index.ts';
import { breakoutJobs } from '../src/meetings/breakouts/index.ts';
import { closingJobs } from '../src/meetings/closing/index.ts';
import { moderationJobs } from '../src/meetings/moderation/index.ts';
import { moveJobs } from '../src/meetings/moves/index.ts';
import { pollJobs } from '../src/meetings/polls/index.ts';
import { callJobs } from '../src/meetings/calls/index.ts';
import { intakeJobs } from '../src/meetings/intake/index.ts';
import { linkJobs } from '../src/meetings/links/index.ts';
import { contactJobs } from '../src/meetings/contacts/index.ts';
import { announcingCalls, presenceJobs } from '../src/meetings/presence/index.ts';
import { ringJobs } from '../src/meetings/ringing/index.ts';
import type { Services } from '../src/platform/context/index.ts';
import {
  consumeTicket,
  type KeepAlive,
  publish,
  returnTickets,
  type Ticket,
} from '../src/platform/delivery/index.ts';
import { limitJobs } from '../src/platform/limits/index.ts';
import type { Job } from '../src/platform/outbox/index.ts';

/** What follows from each effect, room by room. */
export const jobs: readonly Job[] = announcingCalls([
  ...accountJobs,
  ...organizationJobs,
  ...memberJobs,
  ...invitationJobs,
  ...apiKeyJobs,
  ...limitJobs,
  ...callJobs,
  ...intakeJobs,
  ...linkJobs,
  ...admissionJobs,
  ...lobbyJobs,
  ...moderationJobs,
  ...closingJobs,
  ...moveJobs,
  ...breakoutJobs,
  ...pollJobs,
  ...contactJobs,
  ...presenceJobs,
  ...ringJobs,
  ...auditJobs,
  ...realtimeJobs,
  ...chatJobs,
]);

/** What the queue gives up on goes to a queue of this name; the environment follows it. */
const DEAD_QUEUE = 'auralink-outbox-dead';

const RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 300;

/** The ticket in a message; undefined for anything else, which no row knows of. */
function ticketIn({ body }: Message): Ticket | undefined {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  return typeof id === 'string' ? { id } : undefined;
}

/** The database could not be asked: the same ticket again, later each time. */
function again(message: Message): void {
  const delaySeconds = Math.min(RETRY_SECONDS * 2 ** (message.attempts - 1), LONGEST_RETRY_SECONDS);
  message.retry({ delaySeconds });
}

/** Settles one message by itself and tells in which lanes something may go now. */
async function settle(
  message: Message,
  services: Services,
  handlers: readonly Job[],
  keepAlive: KeepAlive,
): Promise<string[]> {
  const ticket = ticketIn(message);
  if (!ticket) {
    services.log.error('queue.malformed', { messageId: message.id });
    message.ack();
    return [];
  }
  try {
    const { lanes } = await consumeTicket(services, handlers, ticket, keepAlive);
    message.ack();
    return lanes;
  } catch {
    // consumeTicket has logged it; the row keeps its lease, so that it is never lost.
    again(message);
    return [];
  }
}

/** Tickets that were refused too often: their rows wait again, and the sweep sends them anew. */
async function returnDead(batch: MessageBatch, services: Services): Promise<void> {
  const tickets = batch.messages.map(ticketIn).filter((ticket) => ticket !== undefined);
  try {
    const returned = await returnTickets(services, tickets);
    services.log.warn('queue.returned', { queue: batch.queue, messages: batch.messages.length, returned });
    batch.ackAll();
  } catch (error) {
    services.log.error('queue.return_failed', { queue: batch.queue, error });
    batch.messages.forEach(again);
  }
}

/** A batch of tickets: all at once, each by itself; then whatever they made room for goes on its way. */
export async function handleBatch(
  batch: MessageBatch,
  services: Services,
  keepAlive: KeepAlive,
  handlers: readonly Job[] = jobs,
): Promise<void> {
  if (batch.queue.startsWith(DEAD_QUEUE)) return returnDead(batch, services);
  const settled = await Promise.all(
    batch.messages.map((message) => settle(message, services, handlers, keepAlive)),
  );
  try {
    await publish(services, [...new Set(settled.flat())]);
  } catch (error) {
    services.log.error('queue.publish_failed', { queue: batch.queue, error });
  }
}
