import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import {
  changeVersioned,
  deleteVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
} from '../../kernel/db/index.ts';
import { summaryErrors } from './summaries.errors.ts';
import { summaries, type Summary } from './summaries.tables.ts';

/** Most summaries of a transcription. */
const MOST = 20;

/** Inserts a summary. Commits of one transcription wait for each other, so that each counts all earlier summaries. */
export const insertSummary = (q: Queries, row: Summary) => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`summary:${row.transcriptionId}`}, 0))`),
  q.insert(summaries).values(row),
  mustHold(
    q,
    sql`(select count(*) from ${summaries} where ${summaries.organizationId} = ${row.organizationId}
      and ${summaries.transcriptionId} = ${row.transcriptionId}) <= ${MOST}::int`,
    summaryErrors.tooMany,
  ),
];

const isOf = (organizationId: string, transcriptionId: string) =>
  and(eq(summaries.organizationId, organizationId), eq(summaries.transcriptionId, transcriptionId));

export const selectSummary = (
  q: Queries,
  organizationId: string,
  transcriptionId: string,
  summaryId: string,
) =>
  q
    .select()
    .from(summaries)
    .where(and(isOf(organizationId, transcriptionId), eq(summaries.id, summaryId)));

/** A summary of any transcription, for the system. */
export const selectSummaryById = (q: Queries, organizationId: string, summaryId: string) =>
  q
    .select()
    .from(summaries)
    .where(and(eq(summaries.organizationId, organizationId), eq(summaries.id, summaryId)));

/** The summaries of a transcription, newest first; one more than `limit`. */
export const selectSummaries = (
  q: Queries,
  organizationId: string,
  transcriptionId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(summaries)
    .where(and(isOf(organizationId, transcriptionId), isBefore(summaries.id, before)))
    .orderBy(desc(summaries.id))
    .limit(limit + 1);

export const selectSummaryOfGeneration = (q: Queries, organizationId: string, generationId: string) =>
  q
    .select()
    .from(summaries)
    .where(and(eq(summaries.organizationId, organizationId), eq(summaries.generationId, generationId)));

/** Summaries that have been running since before a moment, in no order. */
export const selectQuietSummaries = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(summaries)
    .where(and(isNull(summaries.endedAt), lte(summaries.createdAt, before)))
    .orderBy(inTurn(summaries.id, before))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeSummary = (q: Queries, row: Summary, set: Partial<Summary>) =>
  changeVersioned(q, summaries, row, set);

export const deleteSummaryRow = (q: Queries, row: Summary) => deleteVersioned(q, summaries, row);

/** Removes a user as the one who asked for summaries, in all organizations. */
export const forgetPersonInSummaries = (q: Queries, userId: string) =>
  q.update(summaries).set({ requestedBy: null }).where(eq(summaries.requestedBy, userId));
