import type { Ctx } from '../../platform/context/index.ts';
import { contactErrors } from './contacts.errors.ts';
import {
  type Contact,
  type ContactRow,
  findMemberCalled,
  insertContact,
  mustFit,
} from './contacts.queries.ts';
import { effectsOf, requireOther, requirePerson } from './contacts.rules.ts';
import type { CreateContact } from './contacts.schemas.ts';

type Who = Pick<ContactRow, 'contactUserId' | 'name' | 'address'>;

/** Who the new contact is: found among the members, or as the caller describes them. */
async function resolve(
  ctx: Ctx,
  ownerId: string,
  { userId, email, external }: CreateContact,
): Promise<{ who: Who; person: Contact['person'] }> {
  if (external) return { who: { contactUserId: null, ...external }, person: null };
  const called = userId === undefined ? { email: email! } : { userId };
  const [[member]] = await ctx.read((q) => [findMemberCalled(q, ctx.organizationId, called)]);
  const contactUserId = requireOther(member, ownerId);
  const { name, email: address, avatarUrl } = member!;
  return { who: { contactUserId, name: null, address: null }, person: { name, email: address, avatarUrl } };
}

/**
 * Adds somebody to the caller's address book.
 * @throws AppError `contacts.person_not_found`, `contacts.self`, `contacts.exists` or `contacts.too_many`
 */
export async function createContact(ctx: Ctx, input: CreateContact): Promise<Contact> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const { who, person } = await resolve(ctx, userId, input);
  const { nickname = null, relationship = 'colleague', favourite = false, tags = [], notes = null } = input;
  const now = new Date(ctx.clock.now());
  const contact: ContactRow = {
    id: ctx.ids.create('contact'),
    organizationId,
    userId,
    ...who,
    nickname,
    relationship,
    favourite,
    tags,
    notes,
    blockedAt: input.blocked ? now : null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => [insertContact(q, contact), mustFit(q, organizationId, userId)],
    effects: effectsOf('contact.created', undefined, contact),
    conflicts: { contacts_person_key: contactErrors.exists, contacts_address_key: contactErrors.exists },
    result: { contact, person },
  });
}
