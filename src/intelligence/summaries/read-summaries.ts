import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
} from '../../kernel/core/index.ts';
import { getTranscription, requireChangeable } from '../transcripts/index.ts';
import { summaryErrors } from './summaries.errors.ts';
import { deleteSummaryRow, selectSummaries, selectSummary } from './summaries.queries.ts';
import type { Summary } from './summaries.tables.ts';

interface SummaryIds {
  transcriptionId: string;
  summaryId: string;
}

/** Reads a summary of a transcription that the caller is allowed to read. */
async function findSummary(ctx: Ctx, { transcriptionId, summaryId }: SummaryIds): Promise<Summary> {
  const [[row]] = await ctx.read((q) => [selectSummary(q, ctx.organizationId, transcriptionId, summaryId)]);
  if (!row) throw summaryErrors.notFound();
  return row;
}

/** A summary of a transcription that the caller may read. @throws AppError as `getTranscription`, `summaries.not_found` */
export async function getSummary(ctx: Ctx, ids: SummaryIds): Promise<Summary> {
  await getTranscription(ctx, ids.transcriptionId);
  return findSummary(ctx, ids);
}

/** The summaries of a transcription that the caller may read, newest first. @throws AppError as `getTranscription` */
export async function listSummaries(
  ctx: Ctx,
  transcriptionId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<Summary>> {
  await getTranscription(ctx, transcriptionId);
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectSummaries(q, ctx.organizationId, transcriptionId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * Deletes a summary that the caller asked for, or whose transcription they may change. A running one is not written;
 * its generation ends by itself.
 * @throws AppError as `getTranscription`, `summaries.not_found`, `request.stale`
 */
export async function deleteSummary(ctx: Ctx, ids: SummaryIds): Promise<void> {
  requirePermission(ctx.actor, 'transcripts:write');
  const row = await getSummary(ctx, ids);
  if (row.requestedBy !== actorId(ctx.actor)) await requireChangeable(ctx, ids.transcriptionId);
  const { transcriptionId, method, state } = row;
  await ctx.commit({
    write: (q) => [deleteSummaryRow(q, row)],
    audit: {
      action: 'summary.deleted',
      target: { type: 'summary', id: row.id },
      before: { transcriptionId, method, state },
    },
    result: undefined,
  });
}
