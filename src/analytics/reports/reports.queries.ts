import { and, asc, eq, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  changeVersioned,
  isAfter,
  isUnchanged,
  mustChange,
  mustHold,
  type Queries,
} from '../../kernel/db/index.ts';
import { reportErrors } from './reports.errors.ts';
import { reports } from './reports.tables.ts';

export type Report = typeof reports.$inferSelect;

/** Saved reports of an organization. */
const MAX_REPORTS = 500;

export const selectReports = (
  q: Queries,
  organizationId: string,
  { after, limit }: { after: string | undefined; limit: number },
) =>
  q
    .select()
    .from(reports)
    .where(and(eq(reports.organizationId, organizationId), isAfter(reports.id, after)))
    .orderBy(asc(reports.id))
    .limit(limit + 1);

export const selectSavedReport = (q: Queries, organizationId: string, reportId: string) =>
  q
    .select()
    .from(reports)
    .where(and(eq(reports.organizationId, organizationId), eq(reports.id, reportId)));

/**
 * Inserts a report; the commit fails with `reports.too_many` when the organization has too many. Commits that add one wait for each
 * other, so that none counts too few.
 */
export const insertReport = (q: Queries, row: Report) => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`reports ${row.organizationId}`}, 0))`),
  q.insert(reports).values(row),
  mustHold(
    q,
    sql`(select count(*) from ${reports} where ${reports.organizationId} = ${row.organizationId}) <= ${MAX_REPORTS}`,
    reportErrors.tooMany,
  ),
];

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeReport = (q: Queries, row: Report, set: Partial<Report>) =>
  changeVersioned(q, reports, row, set);

/** Notes a run, which is no change of the report. */
export const noteRun = (
  q: Queries,
  { organizationId, id }: Report,
  set: Pick<Report, 'lastRunAt' | 'lastOperationId'>,
) =>
  q
    .update(reports)
    .set(set)
    .where(and(eq(reports.organizationId, organizationId), eq(reports.id, id)));

/** Deletes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const deleteReportRow = (q: Queries, row: Report) =>
  mustChange(
    q,
    q.delete(reports).where(isUnchanged(reports, row)).returning({ id: reports.id }),
    requestErrors.stale,
  );
