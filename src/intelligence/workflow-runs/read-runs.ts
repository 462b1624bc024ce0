import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import { selectSummaryById } from '../summaries/index.ts';
import { type DraftedMail, isMailWaiting, mailOf } from './mail.rules.ts';
import { selectAttendees } from './recipients.queries.ts';
import { type MailRecipient, recipientsOf } from './recipients.rules.ts';
import { runErrors } from './workflow-runs.errors.ts';
import { selectRunOfRoom, selectWorkflowRuns } from './workflow-runs.queries.ts';
import type { ListRuns, RunIds } from './workflow-runs.schemas.ts';
import type { WorkflowRun } from './workflow-runs.tables.ts';

export interface FoundRun {
  run: WorkflowRun;
  roomName: string;
}

/** A run of a room that the caller moderates. @throws AppError `rooms.not_found`, `moderation.not_moderator`, `workflow_runs.not_found` */
export async function findRun(ctx: Ctx, { roomId, runId }: RunIds): Promise<FoundRun> {
  requirePermission(ctx.actor, 'transcripts:read');
  const [access, [run]] = await requireRoomAccess(ctx, { roomId, alsoDeleted: true }, (q) => [
    selectRunOfRoom(q, ctx.organizationId, roomId, runId),
  ]);
  requireModerator(access);
  if (!run) throw runErrors.notFound();
  return { run, roomName: access.room.name };
}

/** A run with the present recipients of its mail. @throws AppError as `findRun` */
export async function findRunToMail(
  ctx: Ctx,
  ids: RunIds,
): Promise<{ run: WorkflowRun; recipients: readonly MailRecipient[] }> {
  const { run } = await findRun(ctx, ids);
  const [attendees] = await ctx.read((q) => [selectAttendees(q, ctx.organizationId, run)]);
  return { run, recipients: recipientsOf(attendees) };
}

/** A run with its mail. @throws AppError as `findRun` */
export async function getRun(ctx: Ctx, ids: RunIds): Promise<{ run: WorkflowRun; mail: DraftedMail | null }> {
  const { run, roomName } = await findRun(ctx, ids);
  const { summaryId } = run;
  if (summaryId === null) return { run, mail: null };
  const [[summary], attendees] = await ctx.read((q) => [
    selectSummaryById(q, ctx.organizationId, summaryId),
    selectAttendees(q, ctx.organizationId, run),
  ]);
  const text = mailOf(run, roomName, summary);
  return { run, mail: text && { ...text, recipients: isMailWaiting(run) ? recipientsOf(attendees) : [] } };
}

/** Runs in a room that the caller moderates, the newest first. @throws AppError `rooms.not_found`, `moderation.not_moderator` */
export async function listRuns(
  ctx: Ctx,
  roomId: string,
  { limit, cursor, callId }: ListRuns,
): Promise<Page<WorkflowRun>> {
  requirePermission(ctx.actor, 'transcripts:read');
  const page = { before: readCursor(cursor), limit };
  const [access, rows] = await requireRoomAccess(ctx, { roomId, alsoDeleted: true }, (q) => [
    selectWorkflowRuns(q, ctx.organizationId, { roomId, callId }, page),
  ]);
  requireModerator(access);
  return pageOf(rows, limit, ({ id }) => id);
}
