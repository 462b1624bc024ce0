import { type Actor, authErrors } from '../../kernel/core/index.ts';
import { contactErrors } from './contacts.errors.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { contactBlocked, type contactCreated } from './contacts.events.ts';

/** Contacts of one address book at most. */
export const MAX_CONTACTS = 5_000;

/**
 * Address books, presence and rings are for signed-in users: API keys and guests have none.
 * @returns the user's id
 * @throws AppError `auth.forbidden`
 */
export function requirePerson(actor: Actor): string {
  if (actor.kind !== 'user') throw authErrors.forbidden({ detail: 'only a signed-in user may do this' });
  return actor.userId;
}

/**
 * Returns the user id of a member who can be added as a contact: anybody but the owner.
 * @param member undefined when no member of this organization was found
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

/** The events of a changed contact; `contact.blocked` is added when the change blocks a user. */
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

/** Escapes a text so that a `like` pattern matches it literally. */
export const escapeLikePattern = (text: string): string => text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
