import { and, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { PageRange } from '../../kernel/core/index.ts';
import { type Queries, inOrder, isInRange, changeVersioned, mustHold } from '../../kernel/db/index.ts';
import { members } from '../members/members.tables.ts';
import { organizationErrors } from './organizations.errors.ts';
import { MAX_CREATED_ORGANIZATIONS } from './organizations.rules.ts';
import { organizations } from './organizations.tables.ts';

export type Organization = typeof organizations.$inferSelect;
type NewOrganization = typeof organizations.$inferInsert;

/** None when the organization is deleted. */
export function selectOrganization(q: Queries, organizationId: string) {
  return q
    .select()
    .from(organizations)
    .where(and(eq(organizations.id, organizationId), isNull(organizations.deletedAt)));
}

/** The organization as a page of one: none when it is deleted, or not within the range. */
export function selectOrganizationInRange(q: Queries, organizationId: string, range: PageRange) {
  return q
    .select()
    .from(organizations)
    .where(
      and(
        eq(organizations.id, organizationId),
        isNull(organizations.deletedAt),
        isInRange(organizations.id, range),
      ),
    );
}

/** The organization, if it was deleted. */
export function selectDeletedOrganization(q: Queries, organizationId: string) {
  return q
    .select({ deletedAt: organizations.deletedAt })
    .from(organizations)
    .where(and(eq(organizations.id, organizationId), isNotNull(organizations.deletedAt)));
}

/**
 * The organizations of which a user is an active member. One row more than `limit`,
 * which shows whether there is a next page.
 */
export function selectJoinedOrganizations(q: Queries, userId: string, range: PageRange) {
  return q
    .select({ organization: organizations })
    .from(members)
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(
      and(
        eq(members.userId, userId),
        eq(members.status, 'active'),
        isNull(organizations.deletedAt),
        isInRange(organizations.id, range),
      ),
    )
    .orderBy(inOrder(organizations.id, range))
    .limit(range.limit + 1);
}

/**
 * Fails the commit when the user has created more organizations than they may, the one of this commit included. Commits of
 * one user wait for each other, so that none counts too few.
 */
export function holdOrganizationsOf(q: Queries, userId: string) {
  const created = q
    .select({ count: sql`count(*)` })
    .from(organizations)
    .where(and(eq(organizations.createdBy, userId), isNull(organizations.deletedAt)));
  return mustHold(q, sql`(${created}) <= ${MAX_CREATED_ORGANIZATIONS}`, organizationErrors.tooMany);
}

export function insertOrganization(q: Queries, row: NewOrganization) {
  return q.insert(organizations).values(row);
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeOrganization(q: Queries, row: Organization, set: Partial<NewOrganization>) {
  return changeVersioned(q, organizations, row, set, { condition: isNull(organizations.deletedAt) });
}

/** Keeps recordings out of the storage of the product, unless the organization has said something else. */
export const keepRecordingsInBuckets = (q: Queries, organizationId: string, now: Date) =>
  q
    .update(organizations)
    .set({
      settings: sql`${organizations.settings} || '{"recordingStorage": "bucket"}'`,
      updatedAt: now,
      version: sql`${organizations.version} + 1`,
    })
    .where(
      and(eq(organizations.id, organizationId), sql`${organizations.settings} -> 'recordingStorage' is null`),
    );

/** Changes the plan, also of a deleted organization, whose subscription has ended with it. */
export const changePlanOf = (
  q: Queries,
  row: Organization,
  set: Pick<Organization, 'plan' | 'planVersion' | 'trialEndsAt' | 'seats' | 'updatedAt'>,
) => changeVersioned(q, organizations, row, set);

/** Takes the deletion back, if the row still has the version that was read; otherwise the commit fails with `request.stale`. */
export function restoreOrganization(q: Queries, row: Organization, now: Date) {
  const set = { deletedAt: null, updatedAt: now };
  return changeVersioned(q, organizations, row, set, { condition: isNotNull(organizations.deletedAt) });
}

/** Deletes an organization that was deleted at `before` or earlier, with all rows that belong to it. */
export function deleteErasable(q: Queries, organizationId: string, before: Date) {
  return q
    .delete(organizations)
    .where(and(eq(organizations.id, organizationId), lte(organizations.deletedAt, before)))
    .returning({ id: organizations.id });
}
