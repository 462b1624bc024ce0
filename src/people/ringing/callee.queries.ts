import { and, eq, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { contacts } from '../contacts/contacts.tables.ts';
import { rings } from './ringing.tables.ts';

const isOwnContact = (organizationId: string, ownerId: string, contactId: string): SQL =>
  and(eq(contacts.organizationId, organizationId), eq(contacts.userId, ownerId), eq(contacts.id, contactId))!;

/** The user behind one of the caller's contacts; null for an external contact. */
export function selectUserOfContact(q: Queries, organizationId: string, callerId: string, contactId: string) {
  return q
    .select({ userId: contacts.contactUserId })
    .from(contacts)
    .where(isOwnContact(organizationId, callerId, contactId));
}

/** SQL for the callee's user id: `to` itself, or the user behind that contact of the caller. */
export function resolveUserId(organizationId: string, callerId: string, to: string): SQL {
  const ofContact = sql`select ${contacts.contactUserId} from ${contacts} where ${isOwnContact(organizationId, callerId, to)}`;
  return to.startsWith('usr_') ? sql`${to}` : sql`(${ofContact})`;
}

/** An active member with the profile that other members see. */
export function selectActiveMember(q: Queries, organizationId: string, userId: SQL) {
  return q
    .select({ userId: users.id, name: users.name, avatarUrl: users.avatarUrl })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.status, 'active'),
        sql`${members.userId} = ${userId}`,
      ),
    );
}

/** A user's entry in the owner's address book; no row when they are not in it. Needs the owner's scope. */
export function selectContactEntry(
  q: Queries,
  organizationId: string,
  ownerId: string,
  contactUserId: string,
) {
  return q
    .select({ favourite: contacts.favourite, blockedAt: contacts.blockedAt })
    .from(contacts)
    .where(
      and(
        eq(contacts.organizationId, organizationId),
        eq(contacts.userId, ownerId),
        eq(contacts.contactUserId, contactUserId),
      ),
    );
}

/** Other open rings of a person: incoming ones that sound, and outgoing ones. Needs that person's scope. */
export function selectOngoingRings(
  q: Queries,
  organizationId: string,
  personId: string,
  exceptCalleeId: string,
) {
  return q
    .select({ id: rings.id })
    .from(rings)
    .where(
      and(
        eq(rings.organizationId, organizationId),
        eq(rings.status, 'ringing'),
        or(
          and(eq(rings.calleeId, personId), isNull(rings.unheard)),
          and(eq(rings.callerId, personId), ne(rings.calleeId, exceptCalleeId)),
        ),
      ),
    )
    .limit(1);
}
