import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { PageRange } from '../../kernel/core/index.ts';
import {
  mustHold,
  type Queries,
  inOrder,
  isInRange,
  changeVersioned,
  deleteVersioned,
} from '../../kernel/db/index.ts';
import { users } from '../users/users.tables.ts';
import { holdLimit } from '../entitlements/index.ts';
import { organizations } from '../organizations/organizations.tables.ts';
import { memberErrors } from './members.errors.ts';
import { members } from './members.tables.ts';

export type Member = typeof members.$inferSelect;
type NewMember = typeof members.$inferInsert;

/** A member with what other members see of the user. */
export interface MemberWithUser {
  member: Member;
  user: { name: string; email: string; avatarUrl: string | null };
}

const selectMembersWithUser = (q: Queries) =>
  q
    .select({
      member: members,
      user: { name: users.name, email: users.email, avatarUrl: users.avatarUrl },
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId));

/** One row more than `limit`, which shows whether there is a next page. */
export function selectMembers(q: Queries, organizationId: string, range: PageRange) {
  return selectMembersWithUser(q)
    .where(and(eq(members.organizationId, organizationId), isInRange(members.id, range)))
    .orderBy(inOrder(members.id, range))
    .limit(range.limit + 1);
}

export function selectMember(q: Queries, organizationId: string, memberId: string) {
  return selectMembersWithUser(q).where(
    and(eq(members.organizationId, organizationId), eq(members.id, memberId)),
  );
}

/** The membership of a user in an organization, with any status. */
export function selectMembership(q: Queries, organizationId: string, userId: string) {
  return q
    .select()
    .from(members)
    .where(and(eq(members.organizationId, organizationId), eq(members.userId, userId)));
}

/** The member with an email address, in its canonical form. */
export function selectMemberByEmail(q: Queries, organizationId: string, email: string) {
  return selectMembersWithUser(q).where(
    and(eq(members.organizationId, organizationId), eq(sql`lower(${users.email})`, email)),
  );
}

/**
 * The active memberships of a user in organizations that are not deleted, in the order of joining.
 * @param userId also as an SQL expression that finds it within the same round trip
 */
export function selectActiveMemberships(q: Queries, userId: string | SQL<string>) {
  return q
    .select({ organizationId: members.organizationId, role: members.role, plan: organizations.plan })
    .from(members)
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(and(eq(members.userId, userId), eq(members.status, 'active'), isNull(organizations.deletedAt)))
    .orderBy(asc(members.createdAt), asc(members.id))
    .limit(100);
}

/** All memberships of a user, with any status, also in deleted organizations. */
export function selectMembershipsOfUser(q: Queries, userId: string) {
  return q.select().from(members).where(eq(members.userId, userId)).orderBy(asc(members.id));
}

export function insertMember(q: Queries, row: NewMember) {
  return q.insert(members).values(row);
}

/** Fails the commit with `billing.limit_reached` when it adds a member beyond what the plan allows. */
export const holdMembers = (q: Queries, organizationId: string, now: Date) =>
  holdLimit(q, {
    organizationId,
    now,
    limit: 'members',
    rows: sql`select from ${members} where ${members.organizationId} = ${organizationId} and ${members.status} = 'active'`,
  });

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeMember(q: Queries, row: Member, set: Partial<NewMember>) {
  return changeVersioned(q, members, row, set);
}

/** Removes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const deleteMember = (q: Queries, row: Member) => deleteVersioned(q, members, row);

/**
 * Locks the organization's row, before `mustKeepOwner`: of two owners who step down at once the second counts only
 * after the first has committed.
 */
export function lockOwners(q: Queries, organizationId: string) {
  return q
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, organizationId))
    .for('no key update');
}

/**
 * Fails the commit with `members.last_owner` when it would leave no active owner; `lockOwners` comes first. An owner
 * whose account will be deleted does not count.
 */
export function mustKeepOwner(q: Queries, organizationId: string) {
  return mustHold(
    q,
    sql`exists (select from ${members} join ${users} on ${users.id} = ${members.userId}
      where ${members.organizationId} = ${organizationId} and ${members.role} = 'owner'
      and ${members.status} = 'active' and ${users.deletesAt} is null)`,
    memberErrors.lastOwner,
  );
}
