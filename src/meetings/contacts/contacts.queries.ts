import { and, arrayContains, asc, eq, gt, ilike, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../platform/core/index.ts';
import { mustChange, mustHold, type Queries } from '../../platform/db/index.ts';
import { users } from '../../identity/accounts/accounts.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { contactErrors } from './contacts.errors.ts';
import { likeText, MAX_CONTACTS } from './contacts.rules.ts';
import type { ContactQuery } from './contacts.schemas.ts';
import { contacts } from './contacts.tables.ts';

export type ContactRow = typeof contacts.$inferSelect;

/** A contact with what colleagues see of the person; null for an external entry and for who has left. */
export interface Contact {
  contact: ContactRow;
  person: { name: string; email: string; avatarUrl: string | null } | null;
}

const own = (organizationId: string, ownerId: string): SQL =>
  and(eq(contacts.organizationId, organizationId), eq(contacts.userId, ownerId))!;

// Membership is asked as well: a person who has left the organization is none of its business any more.
const withPerson = (q: Queries) =>
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

function matches({ favourite, blocked, tag, q }: Omit<ContactQuery, 'limit' | 'cursor'>) {
  const pattern = q === undefined ? undefined : `%${likeText(q)}%`;
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

/** In the order they were added. */
export function listContactRows(
  q: Queries,
  organizationId: string,
  ownerId: string,
  { limit, ...filters }: Omit<ContactQuery, 'cursor'>,
  after: string | undefined,
) {
  return withPerson(q)
    .where(
      and(
        own(organizationId, ownerId),
        after === undefined ? undefined : gt(contacts.id, after),
        matches(filters),
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(limit + 1);
}

export function findContact(q: Queries, organizationId: string, ownerId: string, contactId: string) {
  return withPerson(q).where(and(own(organizationId, ownerId), eq(contacts.id, contactId)));
}

/** The member of the organization with this user id or e-mail address, whatever their standing. */
export function findMemberCalled(
  q: Queries,
  organizationId: string,
  who: { userId: string } | { email: string },
) {
  const called =
    'userId' in who ? eq(users.id, who.userId) : eq(sql`lower(${users.email})`, who.email.toLowerCase());
  return q
    .select({ userId: users.id, name: users.name, email: users.email, avatarUrl: users.avatarUrl })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, organizationId), called));
}

export function insertContact(q: Queries, row: typeof contacts.$inferInsert) {
  return q.insert(contacts).values(row);
}

/** Fails the commit with `contacts.too_many` when the owner has more than they may. */
export function mustFit(q: Queries, organizationId: string, ownerId: string) {
  return mustHold(
    q,
    sql`(select count(*) from ${contacts} where ${own(organizationId, ownerId)}) <= ${MAX_CONTACTS}`,
    contactErrors.tooMany,
  );
}

const asRead = ({ organizationId, userId, id, version }: ContactRow): SQL =>
  and(own(organizationId, userId), eq(contacts.id, id), eq(contacts.version, version))!;

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeContact(q: Queries, row: ContactRow, set: Partial<ContactRow>) {
  const change = q
    .update(contacts)
    .set({ ...set, version: sql`${contacts.version} + 1` })
    .where(asRead(row))
    .returning({ id: contacts.id });
  return mustChange(q, change, requestErrors.stale);
}

/** Removes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function deleteContactRow(q: Queries, row: ContactRow) {
  const removal = q.delete(contacts).where(asRead(row)).returning({ id: contacts.id });
  return mustChange(q, removal, requestErrors.stale);
}
