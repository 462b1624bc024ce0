import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { contactErrors } from './contacts.errors.ts';
import { type ContactWithPerson, selectContact, selectContacts } from './contacts.queries.ts';
import { requirePerson } from './contacts.rules.ts';
import type { ContactQuery } from './contacts.schemas.ts';

/** Lists the caller's contacts, in the order they were added. */
export async function listContacts(
  ctx: Ctx,
  { cursor, ...query }: ContactQuery,
): Promise<Page<ContactWithPerson>> {
  const ownerId = requirePerson(ctx.actor);
  const after = readCursor(cursor);
  const { organizationId } = ctx;
  const [rows] = await ctx.read((q) => [selectContacts(q, organizationId, ownerId, query, after)]);
  return pageOf(rows, query.limit, ({ contact }) => contact.id);
}

/** @throws AppError `contacts.not_found`, also for a contact in somebody else's address book */
export async function getContact(ctx: Ctx, contactId: string): Promise<ContactWithPerson> {
  const ownerId = requirePerson(ctx.actor);
  const [[found]] = await ctx.read((q) => [selectContact(q, ctx.organizationId, ownerId, contactId)]);
  if (!found) throw contactErrors.notFound();
  return found;
}
