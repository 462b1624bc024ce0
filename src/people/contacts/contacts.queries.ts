import { and, arrayContains, asc, eq, ilike, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  mustChange,
  mustHold,
  type Queries,
  isAfter,
  changeVersioned,
  isUnchanged,
} from '../../kernel/db/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { contactErrors } from './contacts.errors.ts';
import { escapeLikePattern, MAX_CONTACTS } from './contacts.rules.ts';
import type { ContactQuery } from './contacts.schemas.ts';
import { contacts } from './contacts.tables.ts';

export type ContactRow = typeof contacts.$inferSelect;

/** A contact with the user's profile; null for an external contact and for a user who left the organization. */
export interface ContactWithPerson {
  contact: ContactRow;
  person: { name: string; email: string; avatarUrl: string | null } | null;
}

const isOwnedBy = (organizationId: string, ownerId: string): SQL =>
  and(eq(contacts.organizationId, organizationId), eq(contacts.userId, ownerId))!;

// Joined through the membership, so that a user who left the organization has no profile here.
const selectContactsWithPerson = (q: Queries) =>
  q
    .select({
      contact: contacts,
      person: { name: users.name, email: users.email, avatarUrl: users.avatarUrl },
    })
    .from(contacts)
    .leftJoin(
      members,
      and(eq(members.organizationId, contacts.organizationId), eq(members.userId, contacts.contactUserId)),
    )
    .leftJoin(users, eq(users.id, members.userId));

function matchesQuery({ favourite, blocked, tag, q }: Omit<ContactQuery, 'limit' | 'cursor'>) {
  const pattern = q === undefined ? undefined : `%${escapeLikePattern(q)}%`;
  return and(
    favourite === undefined ? undefined : eq(contacts.favourite, favourite),
    blocked === undefined ? undefined : blocked ? isNotNull(contacts.blockedAt) : isNull(contacts.blockedAt),
    tag === undefined ? undefined : arrayContains(contacts.tags, [tag]),
    pattern === undefined
      ? undefined
      : or(
          ...[contacts.nickname, contacts.name, contacts.address, users.name, users.email].map((column) =>
            ilike(column, pattern),
          ),
        ),
  );
}

/** A page of the owner's contacts, in the order they were added. */
export function selectContacts(
  q: Queries,
  organizationId: string,
  ownerId: string,
  { limit, ...filters }: Omit<ContactQuery, 'cursor'>,
  after: string | undefined,
) {
  return selectContactsWithPerson(q)
    .where(and(isOwnedBy(organizationId, ownerId), isAfter(contacts.id, after), matchesQuery(filters)))
    .orderBy(asc(contacts.id))
    .limit(limit + 1);
}

export function selectContact(q: Queries, organizationId: string, ownerId: string, contactId: string) {
  return selectContactsWithPerson(q).where(
    and(isOwnedBy(organizationId, ownerId), eq(contacts.id, contactId)),
  );
}

/** The member of the organization with this user id or email address, whether active or suspended. */
export function selectMemberByIdOrEmail(
  q: Queries,
  organizationId: string,
  lookup: { userId: string } | { email: string },
) {
  const isMember =
    'userId' in lookup ? eq(users.id, lookup.userId) : eq(sql`lower(${users.email})`, lookup.email);
  return q
    .select({ userId: users.id, name: users.name, email: users.email, avatarUrl: users.avatarUrl })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, organizationId), isMember));
}

export function insertContact(q: Queries, row: typeof contacts.$inferInsert) {
  return q.insert(contacts).values(row);
}

/** Fails the commit with `contacts.too_many` when the owner would have more than `MAX_CONTACTS`. */
export function mustFitContactLimit(q: Queries, organizationId: string, ownerId: string) {
  return mustHold(
    q,
    sql`(select count(*) from ${contacts} where ${isOwnedBy(organizationId, ownerId)}) <= ${MAX_CONTACTS}`,
    contactErrors.tooMany,
  );
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeContact(q: Queries, row: ContactRow, set: Partial<ContactRow>) {
  return changeVersioned(q, contacts, row, set, { condition: eq(contacts.userId, row.userId) });
}

/** Deletes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function deleteContactRow(q: Queries, row: ContactRow) {
  const removal = q
    .delete(contacts)
    .where(and(isUnchanged(contacts, row), eq(contacts.userId, row.userId)))
    .returning({ id: contacts.id });
  return mustChange(q, removal, requestErrors.stale);
}
