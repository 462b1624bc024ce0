import type { Services } from '../../kernel/context/index.ts';
import { buildSilencedEvents, type RingDetails, buildRingEvents } from './inbox-events.rules.ts';

/**
 * Pushes the state of a ring to all devices of both users. Pushing it twice shows it once.
 * @throws AppError `server.unavailable` when an inbox cannot be reached
 */
export async function notifyRing({ ports }: Pick<Services, 'ports'>, details: RingDetails): Promise<void> {
  const { organizationId, callerId, calleeId } = details.ring;
  const { caller, callee } = buildRingEvents(details);
  await Promise.all([
    callee.length > 0 && ports.inboxes.push(organizationId, calleeId, callee),
    ports.inboxes.push(organizationId, callerId, caller),
  ]);
}

/** Makes the callee's devices stop ringing; the caller is not notified. @throws AppError `server.unavailable` */
export function notifySilenced({ ports }: Pick<Services, 'ports'>, details: RingDetails): Promise<void> {
  const { organizationId, calleeId } = details.ring;
  return ports.inboxes.push(organizationId, calleeId, buildSilencedEvents(details));
}
