import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import {
  requireManager,
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
} from '../../rooms/access/index.ts';
import { agentErrors, getAgent } from '../agents/index.ts';
import { requirePerson } from '../memory/index.ts';
import { assignmentErrors } from './agent-assignments.errors.ts';
import {
  deleteAssignment,
  deleteAssignmentsOfLink,
  insertAssignment,
  selectAssignments,
} from './agent-assignments.queries.ts';
import type { CreateAssignment } from './agent-assignments.schemas.ts';
import type { AgentAssignment } from './agent-assignments.tables.ts';

/** Only hosts see links, and so do they alone see assignments to them. */
const showsTo = ({ role }: RoomAccess, { linkId }: AgentAssignment): boolean =>
  linkId === null || role === 'host';

/** Lists the agents that join calls of a room, for everybody who may see the room. @throws AppError `rooms.*` */
export async function listAssignments(ctx: Ctx, roomId: string): Promise<AgentAssignment[]> {
  const [access, rows] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectAssignments(q, ctx.organizationId, roomId),
  ]);
  return rows.filter((row) => showsTo(access, row));
}

const newAssignment = (
  ctx: Ctx,
  fields: Pick<AgentAssignment, 'roomId' | 'linkId' | 'agentId' | 'userId'>,
): AgentAssignment => ({
  ...fields,
  id: ctx.ids.create('agentAssignment'),
  organizationId: ctx.organizationId,
  lastCallId: null,
  lastAt: null,
  lastRefusal: null,
  createdAt: new Date(ctx.clock.now()),
  version: 1,
});

/**
 * Assigns an agent to each call of a room, or to those into which somebody comes through a link. It joins as if the
 * caller had invited it.
 * @throws AppError `rooms.*`, `moderation.not_moderator`, `links.not_found`, `agents.*`, `agent_assignments.*`,
 * `billing.*` or `auth.forbidden`
 */
export async function assignAgent(
  ctx: Ctx,
  roomId: string,
  { agentId, linkId }: CreateAssignment,
): Promise<AgentAssignment> {
  requirePermission(ctx.actor, 'ai:write');
  const userId = requirePerson(ctx.actor);
  const [access] = await requireRoomAccess(ctx, { roomId });
  requireModerator(access);
  if (linkId !== null) requireManager(ctx.actor, access.room, access);
  const agent = await getAgent(ctx, agentId);
  if (!agent.enabled) throw agentErrors.switchedOff();
  const row = newAssignment(ctx, { roomId, linkId, agentId, userId });
  return ctx.commit({
    write: (q) => insertAssignment(q, row),
    conflicts: { agent_assignments_agent_key: assignmentErrors.exists },
    audit: {
      action: 'agent_assignment.created',
      target: { type: 'room', id: roomId },
      after: { assignmentId: row.id, agentId, linkId },
    },
    result: row,
  });
}

/**
 * Ends an assignment: the agent does not join the next call.
 * @throws AppError `rooms.*`, `moderation.not_moderator` or `agent_assignments.not_found`
 */
export async function unassignAgent(ctx: Ctx, roomId: string, assignmentId: string): Promise<void> {
  const [access, rows] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectAssignments(q, ctx.organizationId, roomId),
  ]);
  requireModerator(access);
  const row = rows.find(({ id }) => id === assignmentId);
  if (!row || !showsTo(access, row)) throw assignmentErrors.notFound();
  const { agentId, linkId } = row;
  await ctx.commit({
    write: (q) => [deleteAssignment(q, row)],
    audit: {
      action: 'agent_assignment.deleted',
      target: { type: 'room', id: roomId },
      before: { assignmentId, agentId, linkId },
    },
    result: undefined,
  });
}

/** After a link was deleted: ends its assignments, because no guest can come through it. */
export async function unassignLink(ctx: Ctx, { linkId }: { linkId: string }): Promise<void> {
  await ctx.commit({
    write: (q) => [deleteAssignmentsOfLink(q, ctx.organizationId, linkId)],
    result: undefined,
  });
}
