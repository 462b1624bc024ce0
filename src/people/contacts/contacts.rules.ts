import { type Actor, authErrors } from '../../kernel/core/index.ts';
import { contactErrors } from './contacts.errors.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { contactBlocked, type contactCreated } from './contacts.events.ts';

/** Bounds what one person can make the database keep and their reach be looked up in. */
export const MAX_CONTACTS = 5_000;

/**
 * Address books, presence and rings belong to people: a key or a guest has none.
 * @returns the person's user id
 * @throws AppError `auth.forbidden`
 */
export function requirePerson(actor: Actor): string {
  if (actor.kind !== 'user') throw authErrors.forbidden({ detail: 'this is for a signed-in person' });
  return actor.userId;
}

/**
 * Who becomes a contact: a member of the organization who is not the owner.
 * @param member undefined when nobody is called so here, wherever else somebody may be
 * @throws AppError `contacts.person_not_found` or `contacts.self`
 */
export function requireOtherMember(member: { userId: string } | undefined, ownerId: string): string {
  if (!member) throw contactErrors.personNotFound();
  if (member.userId === ownerId) throw contactErrors.self();
  return member.userId;
}

interface ContactEntry {
  id: string;
  organizationId: string;
  userId: string;
  contactUserId: string | null;
  blockedAt: Date | null;
}

/** The events of a change of an entry; one more when it blocks a person. */
export function buildContactEvents(
  changed: typeof contactCreated,
  before: ContactEntry | undefined,
  entry: ContactEntry,
): DomainEvent[] {
  const { organizationId, userId, contactUserId: blockedUserId } = entry;
  const event = changed.of({ organizationId, userId, contactId: entry.id });
  if (blockedUserId === null || !entry.blockedAt || before?.blockedAt) return [event];
  return [event, contactBlocked.of({ organizationId, userId, blockedUserId })];
}

/** Text that stands for itself in a `like` pattern. */
export const escapeLikePattern = (text: string): string => text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
