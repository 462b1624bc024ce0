import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  isBefore,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import type { WorkflowTrigger } from './meeting-workflows.enums.ts';
import { workflowErrors } from './meeting-workflows.errors.ts';
import { type MeetingWorkflow, meetingWorkflows } from './meeting-workflows.tables.ts';

const MAX_WORKFLOWS = 50;

/** Inserts a workflow, if the plan of the organization includes workflows. */
export const insertWorkflow = (q: Queries, row: MeetingWorkflow): Statement[] => [
  ...insertWithin(q, meetingWorkflows, row, { most: MAX_WORKFLOWS, error: workflowErrors.tooMany }),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'meeting_workflows' }),
];

export const selectWorkflow = (q: Queries, organizationId: string, workflowId: string) =>
  q
    .select()
    .from(meetingWorkflows)
    .where(and(eq(meetingWorkflows.organizationId, organizationId), eq(meetingWorkflows.id, workflowId)));

/** The newest first; one more than `limit`. */
export const selectWorkflows = (
  q: Queries,
  organizationId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(meetingWorkflows)
    .where(and(eq(meetingWorkflows.organizationId, organizationId), isBefore(meetingWorkflows.id, before)))
    .orderBy(desc(meetingWorkflows.id))
    .limit(limit + 1);

/** The workflows that an event in a room starts. */
export const selectWorkflowsToRun = (
  q: Queries,
  organizationId: string,
  { trigger, roomId }: { trigger: WorkflowTrigger; roomId: string },
) =>
  q
    .select()
    .from(meetingWorkflows)
    .where(
      and(
        eq(meetingWorkflows.organizationId, organizationId),
        eq(meetingWorkflows.enabled, true),
        eq(meetingWorkflows.trigger, trigger),
        sql`(${meetingWorkflows.roomIds} is null or ${meetingWorkflows.roomIds} ? ${roomId})`,
      ),
    );

/** The given rooms that exist and that the viewer may see. */
export const selectRoomsOf = (
  q: Queries,
  organizationId: string,
  viewer: string | null,
  roomIds: readonly string[],
) =>
  q
    .select({ id: rooms.id })
    .from(rooms)
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        inArray(rooms.id, [...roomIds]),
        isShownTo(viewer),
      ),
    );

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeWorkflow = (
  q: Queries,
  row: MeetingWorkflow,
  set: Partial<MeetingWorkflow> & Pick<MeetingWorkflow, 'updatedAt'>,
): Statement[] => [
  changeVersioned(q, meetingWorkflows, row, set),
  // Switching one off is possible on every plan.
  ...((set.enabled ?? row.enabled)
    ? [
        holdFeature(q, {
          organizationId: row.organizationId,
          now: set.updatedAt,
          feature: 'meeting_workflows',
        }),
      ]
    : []),
];

export const deleteWorkflowRow = (q: Queries, row: MeetingWorkflow): Statement =>
  deleteVersioned(q, meetingWorkflows, row);
