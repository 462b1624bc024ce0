import { and, asc, eq, isNotNull, ne, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { analyticsBuckets, analyticsZones } from './rollups.tables.ts';

/** Computes marked rollups again. The row says how many moments were done. */
export const refreshMarked = (q: Queries, most: number) =>
  q.select({ done: sql<number>`refresh_analytics(${most})` }).from(sql`(values (1)) once(n)`);

/** Organizations with a new time zone whose rollups are not complete. */
export const selectUnbuiltZones = (q: Queries, limit: number) =>
  q
    .select({ organizationId: analyticsZones.organizationId })
    .from(analyticsZones)
    .where(isNotNull(analyticsZones.nextTimeZone))
    .orderBy(asc(analyticsZones.organizationId))
    .limit(limit);

/** Builds the next month of rollups in the new time zone. The row says whether nothing is left. */
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

/** Begins to build rollups in another time zone; null stops. What was built in any other than the one shown is deleted. */
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
