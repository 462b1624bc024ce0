import { and, eq, gt, isNull, lte } from 'drizzle-orm';
import type { PageRange } from '../../kernel/core/index.ts';
import { inOrder, inTurn, isInRange, mustChange, type Queries } from '../../kernel/db/index.ts';
import { members } from '../members/members.tables.ts';
import { organizationErrors } from '../organizations/index.ts';
import { organizations } from '../organizations/organizations.tables.ts';
import { users } from '../users/users.tables.ts';

/** The condition that the user is an active owner of the organization, which was deleted after a moment. */
const isReopenableBy = (userId: string, since: Date) =>
  and(
    eq(members.userId, userId),
    eq(members.role, 'owner'),
    eq(members.status, 'active'),
    gt(organizations.deletedAt, since),
  );

const selectOwned = (q: Queries) =>
  q
    .select({ organization: organizations })
    .from(organizations)
    .innerJoin(members, eq(members.organizationId, organizations.id));

/** The deleted organizations that a user can reopen; one more than `limit`, which shows whether there is a next page. */
export function selectReopenableOrganizations(q: Queries, userId: string, since: Date, range: PageRange) {
  return selectOwned(q)
    .where(and(isReopenableBy(userId, since), isInRange(organizations.id, range)))
    .orderBy(inOrder(organizations.id, range))
    .limit(range.limit + 1);
}

/** A deleted organization that the user can reopen. */
export function selectReopenableOrganization(
  q: Queries,
  organizationId: string,
  userId: string,
  since: Date,
) {
  return selectOwned(q).where(and(isReopenableBy(userId, since), eq(organizations.id, organizationId)));
}

/**
 * Locks the user, who must not have requested the deletion of their account, so that the organization they reopen keeps its
 * owner; otherwise the commit fails with `organizations.not_found`.
 */
export function holdAccount(q: Queries, userId: string) {
  const held = q
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.deletesAt)))
    .for('update');
  return mustChange(q, held, organizationErrors.notFound);
}

/** Locks the ownership of the user; without it the commit fails with `organizations.not_found`. */
export function holdOwnership(q: Queries, organizationId: string, userId: string) {
  const held = q
    .select({ id: members.id })
    .from(members)
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.userId, userId),
        eq(members.role, 'owner'),
        eq(members.status, 'active'),
      ),
    )
    .for('share');
  return mustChange(q, held, organizationErrors.notFound);
}

/** At most `limit` organizations that were deleted at `since` or before; which of them changes with the moment. */
export function selectErasableOrganizations(q: Queries, since: Date, limit: number) {
  return q
    .select({ id: organizations.id })
    .from(organizations)
    .where(lte(organizations.deletedAt, since))
    .orderBy(inTurn(organizations.id, since))
    .limit(limit);
}
