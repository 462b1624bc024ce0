import type { Services } from '../../platform/context/index.ts';
import { hushedOf, type RingOfTwo, tellingsOf } from './tellings.rules.ts';

/**
 * Has all devices of both people show how the ring stands; telling it twice shows it once.
 * @throws AppError `server.unavailable` when an inbox cannot be reached
 */
export async function tellRing({ ports }: Pick<Services, 'ports'>, two: RingOfTwo): Promise<void> {
  const { organizationId, callerId, calleeId } = two.ring;
  const { caller, callee } = tellingsOf(two);
  await Promise.all([
    callee.length > 0 && ports.inboxes.push(organizationId, calleeId, callee),
    ports.inboxes.push(organizationId, callerId, caller),
  ]);
}

/** Has the callee's devices stop, and no one else hear of it. @throws AppError `server.unavailable` */
export function tellHushed({ ports }: Pick<Services, 'ports'>, two: RingOfTwo): Promise<void> {
  const { organizationId, calleeId } = two.ring;
  return ports.inboxes.push(organizationId, calleeId, hushedOf(two));
}
