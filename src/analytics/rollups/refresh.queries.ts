import { and, eq, isNotNull, lte, ne, sql } from 'drizzle-orm';
import { inTurn, type Queries } from '../../kernel/db/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { analyticsBuckets, analyticsDirty, analyticsZones } from './rollups.tables.ts';

/** Computes marked rollups again. The row has the number of moments. */
export const refreshMarked = (q: Queries, most: number) =>
  q.select({ done: sql<number>`refresh_analytics(${most})` }).from(sql`(values (1)) once(n)`);

/** The number of marked moments, at most `most`, without those postponed beyond `now`. */
export const countMarked = (q: Queries, now: Date, most: number) =>
  q
    .select({ moments: sql<number>`count(*)::integer` })
    .from(
      q
        .select({ since: analyticsDirty.since })
        .from(analyticsDirty)
        .where(lte(analyticsDirty.since, now))
        .limit(most)
        .as('marked'),
    );

/** Postpones all moments of the organization whose moment has been marked longest. Returns a row for each. */
export function postponeOldest(q: Queries, now: Date, until: Date) {
  const oldest = q
    .select({ organizationId: analyticsDirty.organizationId })
    .from(analyticsDirty)
    .orderBy(analyticsDirty.since, analyticsDirty.organizationId)
    .limit(1);
  return q
    .update(analyticsDirty)
    .set({ since: until })
    .where(and(eq(analyticsDirty.organizationId, oldest), lte(analyticsDirty.since, now)))
    .returning({ organizationId: analyticsDirty.organizationId });
}

/** Organizations with a new time zone whose rollups are not complete; in an order that changes with the moment. */
export const selectUnbuiltZones = (q: Queries, now: Date, limit: number) =>
  q
    .select({ organizationId: analyticsZones.organizationId })
    .from(analyticsZones)
    .where(isNotNull(analyticsZones.nextTimeZone))
    .orderBy(inTurn(analyticsZones.organizationId, now))
    .limit(limit);

/** Builds the next part of the rollups in the new time zone. The row says whether nothing is left. */
export const buildZone = (q: Queries, organizationId: string) =>
  q
    .select({ finished: sql<boolean>`build_analytics_zone(${organizationId})` })
    .from(sql`(values (1)) once(n)`);

/** The time zone of the organization's settings, and those of its rollups; no row while it has none. */
export const selectZones = (q: Queries, organizationId: string) =>
  q
    .select({
      wanted: sql<string>`coalesce(${organizations.settings}->>'timeZone', 'UTC')`,
      shown: analyticsZones.timeZone,
      next: analyticsZones.nextTimeZone,
    })
    .from(analyticsZones)
    .innerJoin(organizations, eq(organizations.id, analyticsZones.organizationId))
    .where(eq(analyticsZones.organizationId, organizationId));

/**
 * Begins to build rollups in another time zone; null stops building. Rollups in all other time zones but the current
 * one are deleted.
 */
export const setNextZone = (
  q: Queries,
  organizationId: string,
  { shown, next }: { shown: string; next: string | null },
) => [
  q
    .update(analyticsZones)
    .set({ nextTimeZone: next, builtUntil: null })
    .where(eq(analyticsZones.organizationId, organizationId)),
  q
    .delete(analyticsBuckets)
    .where(and(eq(analyticsBuckets.organizationId, organizationId), ne(analyticsBuckets.timeZone, shown))),
];
