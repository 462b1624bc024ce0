import { and, asc, eq } from 'drizzle-orm';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  isAfter,
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

/** Inserts a report; the commit fails with `reports.too_many` when the organization has too many. */
export const insertReport = (q: Queries, row: Report) =>
  insertWithin(q, reports, row, { most: MAX_REPORTS, error: reportErrors.tooMany });

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeReport = (q: Queries, row: Report, set: Partial<Report>) =>
  changeVersioned(q, reports, row, set);

/** Notes a run, which does not count as a change of the report. */
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
export const deleteReportRow = (q: Queries, row: Report) => deleteVersioned(q, reports, row);
