import { and, asc, eq, inArray, isNull, lt, not, or, sql } from 'drizzle-orm';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { analyticsZones } from '../rollups/rollups.tables.ts';
import { insightErrors } from './cost-insights.errors.ts';
import { costInsightRuns, costInsights } from './cost-insights.tables.ts';

export type Insight = typeof costInsights.$inferSelect;

export const selectInsights = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(costInsights)
    .where(eq(costInsights.organizationId, organizationId))
    .orderBy(sql`${costInsights.savingMicros} desc nulls last`, asc(costInsights.kind));

const isInsight = (organizationId: string, id: string) =>
  and(eq(costInsights.organizationId, organizationId), eq(costInsights.id, id));

export const selectInsight = (q: Queries, organizationId: string, id: string) =>
  q.select().from(costInsights).where(isInsight(organizationId, id));

/** Sets the status; the commit fails with `cost_insights.not_found` when there is no such insight. */
export const changeStatus = (q: Queries, { organizationId, id, status, statusChangedAt }: Insight) =>
  mustChange(
    q,
    q
      .update(costInsights)
      .set({ status, statusChangedAt })
      .where(isInsight(organizationId, id))
      .returning({ id: costInsights.id }),
    insightErrors.notFound,
  );

/** Stores the results of a measurement; a status that was set stays. Insights that were not found again are marked. */
export const storeFindings = (
  q: Queries,
  { organizationId, measuredAt, rows }: { organizationId: string; measuredAt: Date; rows: Insight[] },
) => [
  q
    .update(costInsights)
    .set({ found: false, measuredAt })
    .where(
      and(
        eq(costInsights.organizationId, organizationId),
        rows.length > 0
          ? not(
              inArray(
                costInsights.kind,
                rows.map(({ kind }) => kind),
              ),
            )
          : undefined,
      ),
    ),
  ...rows.map((row) =>
    q
      .insert(costInsights)
      .values(row)
      .onConflictDoUpdate({
        target: [costInsights.organizationId, costInsights.kind],
        set: { found: true, savingMicros: row.savingMicros, evidence: row.evidence, measuredAt },
      }),
  ),
];

/** Stores when a measurement began, also one that fails. */
export const storeRun = (q: Queries, run: { organizationId: string; measuredAt: Date }) =>
  q
    .insert(costInsightRuns)
    .values(run)
    .onConflictDoUpdate({ target: costInsightRuns.organizationId, set: { measuredAt: run.measuredAt } });

/** Organizations with calls that were not measured since `before`, the longest waiting first; no deleted ones. */
export const selectUnmeasured = (q: Queries, before: Date, limit: number) =>
  q
    .select({ organizationId: analyticsZones.organizationId })
    .from(analyticsZones)
    .innerJoin(organizations, eq(organizations.id, analyticsZones.organizationId))
    .leftJoin(costInsightRuns, eq(costInsightRuns.organizationId, analyticsZones.organizationId))
    .where(
      and(
        isNull(organizations.deletedAt),
        or(isNull(costInsightRuns.measuredAt), lt(costInsightRuns.measuredAt, before)),
      ),
    )
    .orderBy(sql`${costInsightRuns.measuredAt} asc nulls first`, asc(analyticsZones.organizationId))
    .limit(limit);
