import { and, eq, isNull, lt, lte, sql } from 'drizzle-orm';
import { inTurn, mustHold, type Queries } from '../../kernel/db/index.ts';
import { members } from '../members/members.tables.ts';
import { organizations } from '../organizations/organizations.tables.ts';
import { users } from '../users/users.tables.ts';
import { accountDeletionErrors } from './account-deletion.errors.ts';

const ownedBy = (userId: string) =>
  and(
    eq(members.userId, userId),
    eq(members.role, 'owner'),
    eq(members.status, 'active'),
    isNull(organizations.deletedAt),
  );

/** Condition that no other active owner stays; an owner whose own account will be deleted does not stay. */
const hasNoOtherOwner = (userId: string) => sql`not exists (
  select from ${members} other join ${users} owner on owner.id = other.user_id
  where other.organization_id = ${organizations.id} and other.user_id <> ${userId} and other.role = 'owner'
    and other.status = 'active' and owner.deletes_at is null)`;

const selectOwned = (q: Queries) =>
  q
    .select({ id: organizations.id, name: organizations.name })
    .from(organizations)
    .innerJoin(members, eq(members.organizationId, organizations.id));

/** The organizations, not deleted, of which the user is the only owner; at most `limit`. */
export function selectSoleOwned(q: Queries, userId: string, limit: number) {
  return selectOwned(q)
    .where(and(ownedBy(userId), hasNoOtherOwner(userId)))
    .orderBy(organizations.id)
    .limit(limit);
}

/** Locks the organizations that the user owns, in one order, so that of owners who leave at once the second sees the first. */
export function lockOwned(q: Queries, userId: string) {
  return selectOwned(q)
    .where(ownedBy(userId))
    .orderBy(organizations.id)
    .for('no key update', { of: organizations });
}

/** Fails the commit with `accounts.sole_owner` when an organization would lose its last owner; `lockOwned` comes first. */
export function mustOwnNoneAlone(q: Queries, userId: string) {
  const owned = q
    .select({ id: organizations.id })
    .from(organizations)
    .innerJoin(members, eq(members.organizationId, organizations.id))
    .where(and(ownedBy(userId), hasNoOtherOwner(userId)));
  return mustHold(q, sql`not exists (${owned})`, accountDeletionErrors.soleOwner);
}

/** At most `limit` users whose time to take the deletion back is over; which of them changes with the moment. */
export function selectDueAccounts(q: Queries, now: Date, limit: number) {
  return q.select().from(users).where(lte(users.deletesAt, now)).orderBy(inTurn(users.id, now)).limit(limit);
}

/** At most `limit` users of whom nothing but an empty row is left since before `erasedBefore`; which of them changes with it. */
export function selectEmptyAccounts(q: Queries, erasedBefore: Date, limit: number) {
  return q
    .select({ id: users.id })
    .from(users)
    .where(lt(users.erasedAt, erasedBefore))
    .orderBy(inTurn(users.id, erasedBefore))
    .limit(limit);
}
