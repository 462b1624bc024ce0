import { and, desc, eq, gt, isNull, or } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { isBefore, mustChange, type Queries } from '../../kernel/db/index.ts';
import { organizations } from '../organizations/organizations.tables.ts';
import type { EntitlementGrantRow } from './entitlement-grants.rules.ts';
import { entitlementGrants } from './entitlement-grants.tables.ts';

/** The id of the organization; no row once it is deleted. */
export const selectGrantee = (q: Queries, organizationId: string) =>
  q
    .select({ id: organizations.id })
    .from(organizations)
    .where(and(eq(organizations.id, organizationId), isNull(organizations.deletedAt)));

export function insertGrant(q: Queries, row: EntitlementGrantRow) {
  return q.insert(entitlementGrants).values(row);
}

/** A page of the grants of an organization, the newest first, with one row more than the limit. */
export function selectGrantPage(
  q: Queries,
  organizationId: string,
  { before, limit }: { before: string | undefined; limit: number },
) {
  return q
    .select()
    .from(entitlementGrants)
    .where(and(eq(entitlementGrants.organizationId, organizationId), isBefore(entitlementGrants.id, before)))
    .orderBy(desc(entitlementGrants.id))
    .limit(limit + 1);
}

export function selectGrant(q: Queries, organizationId: string, grantId: string) {
  return q
    .select()
    .from(entitlementGrants)
    .where(and(eq(entitlementGrants.organizationId, organizationId), eq(entitlementGrants.id, grantId)));
}

/** The grants of an organization that are not over: in force, or to start later. The newest first. */
export function selectOpenGrants(q: Queries, organizationId: string, now: Date) {
  return q
    .select()
    .from(entitlementGrants)
    .where(
      and(
        eq(entitlementGrants.organizationId, organizationId),
        isNull(entitlementGrants.revokedAt),
        or(isNull(entitlementGrants.endsAt), gt(entitlementGrants.endsAt, now)),
      ),
    )
    .orderBy(desc(entitlementGrants.id));
}

/** Ends a grant; the commit fails with `request.stale` when another revocation was faster. */
export function revokeGrantRow(
  q: Queries,
  { id, organizationId }: Pick<EntitlementGrantRow, 'id' | 'organizationId'>,
  set: { revokedAt: Date; revokedReason: string },
) {
  const change = q
    .update(entitlementGrants)
    .set(set)
    .where(
      and(
        eq(entitlementGrants.id, id),
        eq(entitlementGrants.organizationId, organizationId),
        isNull(entitlementGrants.revokedAt),
      ),
    )
    .returning({ id: entitlementGrants.id });
  return mustChange(q, change, requestErrors.stale);
}
