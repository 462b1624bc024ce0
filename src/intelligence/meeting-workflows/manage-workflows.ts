import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Actor,
  authErrors,
  diffFields,
  type IfMatch,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { restrictedViewer } from '../../rooms/access/index.ts';
import { workflowErrors } from './meeting-workflows.errors.ts';
import {
  changeWorkflow,
  deleteWorkflowRow,
  insertWorkflow,
  selectRoomsOf,
  selectWorkflow,
  selectWorkflows,
} from './meeting-workflows.queries.ts';
import type { CreateWorkflow, UpdateWorkflow } from './meeting-workflows.schemas.ts';
import type { MeetingWorkflow } from './meeting-workflows.tables.ts';

const targetOf = ({ id }: Pick<MeetingWorkflow, 'id'>) => ({ type: 'meeting_workflow', id });

/** It runs with the authority of a person, which an API key does not have. @throws AppError `auth.forbidden` */
function requireAuthor(actor: Actor): string {
  requirePermission(actor, 'meeting-workflows:write');
  if (actor.kind !== 'user')
    throw authErrors.forbidden({ detail: 'needs a person, with whose authority the workflow runs' });
  return actor.userId;
}

/** @throws AppError `meeting_workflows.rooms_not_found` */
async function requireRooms(ctx: Ctx, roomIds: readonly string[] | null | undefined): Promise<void> {
  if (!roomIds) return;
  const wanted = new Set(roomIds);
  const viewer = restrictedViewer(ctx.actor);
  const [found] = await ctx.read((q) => [selectRoomsOf(q, ctx.organizationId, viewer, [...wanted])]);
  if (found.length < wanted.size) throw workflowErrors.roomsNotFound();
}

/** @throws AppError `meeting_workflows.*`, `billing.feature_not_included` or `auth.forbidden` */
export async function createWorkflow(ctx: Ctx, input: CreateWorkflow): Promise<MeetingWorkflow> {
  const authorId = requireAuthor(ctx.actor);
  await requireRooms(ctx, input.roomIds);
  const now = new Date(ctx.clock.now());
  const row: MeetingWorkflow = {
    ...input,
    id: ctx.ids.create('meetingWorkflow'),
    organizationId: ctx.organizationId,
    authorId,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  const { name, enabled, trigger, roomIds, steps } = row;
  return ctx.commit({
    write: (q) => insertWorkflow(q, row),
    audit: {
      action: 'meeting_workflow.created',
      target: targetOf(row),
      after: { name, enabled, trigger, roomIds, steps: steps.map(({ kind }) => kind) },
    },
    result: row,
  });
}

/** @throws AppError `meeting_workflows.not_found` or `auth.forbidden` */
export async function getWorkflow(ctx: Ctx, workflowId: string): Promise<MeetingWorkflow> {
  requirePermission(ctx.actor, 'meeting-workflows:read');
  const [[row]] = await ctx.read((q) => [selectWorkflow(q, ctx.organizationId, workflowId)]);
  if (!row) throw workflowErrors.notFound();
  return row;
}

/** The workflows of the organization, the newest first. @throws AppError `auth.forbidden` */
export async function listWorkflows(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<MeetingWorkflow>> {
  requirePermission(ctx.actor, 'meeting-workflows:read');
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectWorkflows(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * Changes a workflow: from now on it runs with the authority of the caller. Runs that have begun keep the earlier
 * version.
 * @throws AppError as `createWorkflow`, `meeting_workflows.not_found` or `request.stale`
 */
export async function updateWorkflow(
  ctx: Ctx,
  workflowId: string,
  input: UpdateWorkflow,
  ifMatch: IfMatch,
): Promise<MeetingWorkflow> {
  const authorId = requireAuthor(ctx.actor);
  const row = await getWorkflow(ctx, workflowId);
  requireVersion(row, ifMatch);
  await requireRooms(ctx, input.roomIds);
  const set = { ...input, authorId, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => changeWorkflow(q, row, set),
    audit: {
      action: 'meeting_workflow.updated',
      target: targetOf(row),
      ...diffFields(row, { ...input, authorId }),
    },
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/**
 * Deletes a workflow; its runs are kept with their calls.
 * @throws AppError `meeting_workflows.not_found` or `request.stale`
 */
export async function deleteWorkflow(ctx: Ctx, workflowId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'meeting-workflows:write');
  const row = await getWorkflow(ctx, workflowId);
  requireVersion(row, ifMatch);
  await ctx.commit({
    write: (q) => [deleteWorkflowRow(q, row)],
    audit: { action: 'meeting_workflow.deleted', target: targetOf(row), before: { name: row.name } },
    result: undefined,
  });
}
