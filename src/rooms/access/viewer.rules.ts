import { type Actor, actorId, permits } from '../../kernel/core/index.ts';
import { roomErrors } from '../rooms/index.ts';

/** The actor's own identity in rooms, calls and LiveKit; null for services, which represent others, and the system. */
export function identityOf(actor: Actor): string | null {
  return actor.kind === 'user' || actor.kind === 'guest' ? actorId(actor) : null;
}

/** Whether the actor may do to every room of the organization what its hosts may. */
export function isAdministrator(actor: Actor): boolean {
  if (actor.kind === 'apiKey') return permits(actor.permissions, 'rooms:write');
  return actor.kind === 'user' && permits(actor.permissions, 'rooms:manage');
}

/** The user to whom only their own private rooms show; null for actors who see all rooms, and for guests, who see one. */
export function restrictedViewer(actor: Actor): string | null {
  return actor.kind === 'user' && !isAdministrator(actor) ? actor.userId : null;
}

/** A guest's ticket is for one room; to a guest all others do not exist. @throws AppError `rooms.not_found` */
export function requireGuestOfRoom(actor: Actor, roomId: string): void {
  if (actor.kind === 'guest' && actor.roomId !== roomId) throw roomErrors.notFound();
}
