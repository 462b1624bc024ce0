import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import { contactErrors } from './contacts.errors.ts';
import {
  changeContact,
  type ContactWithPerson,
  type ContactRow,
  deleteContactRow,
} from './contacts.queries.ts';
import { buildContactEvents } from './contacts.rules.ts';
import type { UpdateContact } from './contacts.schemas.ts';
import { getContact } from './read-contacts.ts';
import { contactDeleted, contactUpdated } from './contacts.events.ts';

/** Blocking a contact that is already blocked keeps the first time. */
function resolveBlockedAt(before: Date | null, blocked: boolean | undefined, now: Date): Date | null {
  if (blocked === undefined) return before;
  return blocked ? (before ?? now) : null;
}

/**
 * Changes the given fields of a contact and leaves the others.
 * @throws AppError `contacts.not_found`, `contacts.not_external`, `contacts.exists` or `request.stale`
 */
export async function updateContact(
  ctx: Ctx,
  contactId: string,
  { external, blocked, ...input }: UpdateContact,
  ifMatch: IfMatch,
): Promise<ContactWithPerson> {
  const { contact, person } = await getContact(ctx, contactId);
  requireVersion(contact, ifMatch);
  if (external && contact.contactUserId !== null) throw contactErrors.notExternal();
  const now = new Date(ctx.clock.now());
  const set = {
    ...input,
    ...external,
    blockedAt: resolveBlockedAt(contact.blockedAt, blocked, now),
    updatedAt: now,
  };
  const changed: ContactRow = { ...contact, ...set, version: contact.version + 1 };
  return ctx.commit({
    write: (q) => [changeContact(q, contact, set)],
    events: buildContactEvents(contactUpdated, contact, changed),
    conflicts: { contacts_address_key: contactErrors.exists },
    result: { contact: changed, person },
  });
}

/**
 * Deletes a contact, and with it a block.
 * @throws AppError `contacts.not_found` or `request.stale`
 */
export async function deleteContact(ctx: Ctx, contactId: string, ifMatch: IfMatch): Promise<void> {
  const { contact } = await getContact(ctx, contactId);
  requireVersion(contact, ifMatch);
  return ctx.commit({
    write: (q) => [deleteContactRow(q, contact)],
    events: buildContactEvents(contactDeleted, contact, contact),
    result: undefined,
  });
}
