import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import { selectOutcomes } from './call-outcomes.queries.ts';
import type { ListOutcomes, OutcomeView } from './call-outcomes.schemas.ts';
import type { CallOutcome } from './call-outcomes.tables.ts';

/**
 * The outcomes of the calls of a room that the caller moderates, the newest first.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`
 */
export async function listOutcomes(
  ctx: Ctx,
  roomId: string,
  { limit, cursor, ...filter }: ListOutcomes,
): Promise<Page<CallOutcome>> {
  requirePermission(ctx.actor, 'transcripts:read');
  const page = { before: readCursor(cursor), limit };
  const [access, rows] = await requireRoomAccess(ctx, { roomId, alsoDeleted: true }, (q) => [
    selectOutcomes(q, ctx.organizationId, { roomId, callId: filter.callId, kind: filter.kind }, page),
  ]);
  requireModerator(access);
  return pageOf(rows, limit, ({ id }) => id);
}

/** An outcome as the API shows it. */
export const presentOutcome = (row: CallOutcome): OutcomeView => ({
  id: row.id,
  kind: row.kind,
  callId: row.callId,
  runId: row.runId,
  transcriptionId: row.transcriptionId,
  text: row.text,
  owner: row.owner,
  due: row.due,
  dueOn: row.dueOn,
  citations: row.citations.map(({ startMs, ...rest }) => ({ ...rest, startSeconds: startMs / 1000 })),
  createdAt: row.createdAt.toISOString(),
});
