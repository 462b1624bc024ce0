import type { Ctx } from '../../kernel/context/index.ts';
import { contactErrors } from './contacts.errors.ts';
import {
  type ContactWithPerson,
  type ContactRow,
  selectMemberByIdOrEmail,
  insertContact,
  mustFitContactLimit,
} from './contacts.queries.ts';
import { buildContactEvents, requireOtherMember, requirePerson } from './contacts.rules.ts';
import type { CreateContact } from './contacts.schemas.ts';
import { contactCreated } from './contacts.events.ts';

type ContactIdentity = Pick<ContactRow, 'contactUserId' | 'name' | 'address'>;

/** Finds the member who becomes the contact, or takes the external contact as the caller described it. */
async function resolveContact(
  ctx: Ctx,
  ownerId: string,
  { userId, email, external }: CreateContact,
): Promise<{ identity: ContactIdentity; person: ContactWithPerson['person'] }> {
  if (external) return { identity: { contactUserId: null, ...external }, person: null };
  const lookup = userId === undefined ? { email: email! } : { userId };
  const [[member]] = await ctx.read((q) => [selectMemberByIdOrEmail(q, ctx.organizationId, lookup)]);
  const contactUserId = requireOtherMember(member, ownerId);
  const { name, email: address, avatarUrl } = member!;
  return {
    identity: { contactUserId, name: null, address: null },
    person: { name, email: address, avatarUrl },
  };
}

/**
 * Adds a contact to the caller's address book.
 * @throws AppError `contacts.person_not_found`, `contacts.self`, `contacts.exists` or `contacts.too_many`
 */
export async function createContact(ctx: Ctx, input: CreateContact): Promise<ContactWithPerson> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const { identity, person } = await resolveContact(ctx, userId, input);
  const { nickname = null, relationship = 'colleague', favourite = false, tags = [], notes = null } = input;
  const now = new Date(ctx.clock.now());
  const contact: ContactRow = {
    id: ctx.ids.create('contact'),
    organizationId,
    userId,
    ...identity,
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
    write: (q) => [insertContact(q, contact), mustFitContactLimit(q, organizationId, userId)],
    events: buildContactEvents(contactCreated, undefined, contact),
    conflicts: { contacts_person_key: contactErrors.exists, contacts_address_key: contactErrors.exists },
    result: { contact, person },
  });
}
