import { and, asc, eq, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { calls, callParticipants } from '../../calls/calls/calls.tables.ts';
import { holdFeature } from '../../identity/entitlements/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { changeVersioned, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { linkErrors } from '../../rooms/links/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { callAgents } from '../call-agents/call-agents.tables.ts';
import { assignmentErrors } from './agent-assignments.errors.ts';
import { type AgentAssignment, agentAssignments } from './agent-assignments.tables.ts';

const MOST_OF_ROOM = 5;

/** Assigns an agent, if the plan has agents. Commits of a room wait for each other. */
export const insertAssignment = (q: Queries, row: AgentAssignment): Statement[] => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`agent assignments ${row.roomId}`}, 0))`),
  ...(row.linkId === null ? [] : [holdLink(q, row, row.linkId)]),
  q.insert(agentAssignments).values(row),
  mustHold(
    q,
    sql`(select count(*) from ${agentAssignments} where ${agentAssignments.organizationId} = ${row.organizationId}
      and ${agentAssignments.roomId} = ${row.roomId}) <= ${MOST_OF_ROOM}`,
    assignmentErrors.tooMany,
  ),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'agents' }),
];

const isOfRoom = (organizationId: string, roomId: string) =>
  and(eq(agentAssignments.organizationId, organizationId), eq(agentAssignments.roomId, roomId));

export const selectAssignments = (q: Queries, organizationId: string, roomId: string) =>
  q.select().from(agentAssignments).where(isOfRoom(organizationId, roomId)).orderBy(asc(agentAssignments.id));

/**
 * Fails the commit unless the link belongs to the room and is not deleted. A deletion at the same moment waits, and
 * then deletes the assignment too.
 */
const holdLink = (q: Queries, { organizationId, roomId }: AgentAssignment, linkId: string) =>
  mustHold(
    q,
    sql`exists (select from (select from ${links} where ${links.organizationId} = ${organizationId} and ${links.roomId} = ${roomId}
      and ${links.id} = ${linkId} and ${links.deletedAt} is null for share) held)`,
    linkErrors.notFound,
  );

/** Deletes the assignments to a link. */
export const deleteAssignmentsOfLink = (q: Queries, organizationId: string, linkId: string): Statement =>
  q
    .delete(agentAssignments)
    .where(and(eq(agentAssignments.organizationId, organizationId), eq(agentAssignments.linkId, linkId)));

export const deleteAssignment = (q: Queries, { organizationId, roomId, id }: AgentAssignment): Statement =>
  q.delete(agentAssignments).where(and(isOfRoom(organizationId, roomId), eq(agentAssignments.id, id)));

/**
 * Assignments that have not met the running call yet, each with the present role of its person; the role is null when
 * that person may do nothing.
 */
const selectDueAssignments = (q: Queries, organizationId: string, callId: string, ground: SQL) =>
  q
    .select({ assignment: agentAssignments, role: members.role })
    .from(agentAssignments)
    .innerJoin(
      calls,
      and(eq(calls.roomId, agentAssignments.roomId), eq(calls.id, callId), eq(calls.status, 'active')),
    )
    .leftJoin(
      members,
      and(
        eq(members.organizationId, agentAssignments.organizationId),
        eq(members.userId, agentAssignments.userId),
        eq(members.status, 'active'),
      ),
    )
    .where(
      and(
        eq(agentAssignments.organizationId, organizationId),
        or(isNull(agentAssignments.lastCallId), ne(agentAssignments.lastCallId, callId)),
        ground,
      ),
    )
    .orderBy(asc(agentAssignments.id));
export type DueAssignment = Awaited<ReturnType<typeof selectDueAssignments>>[number];

/** Those for each call of the room. */
export const selectDueByRoom = (q: Queries, organizationId: string, callId: string) =>
  selectDueAssignments(q, organizationId, callId, sql`${agentAssignments.linkId} is null`);

/** Those for the link through which a participant came. */
export const selectDueByLink = (q: Queries, organizationId: string, callId: string, participantId: string) =>
  selectDueAssignments(
    q,
    organizationId,
    callId,
    sql`exists (select from ${callParticipants} join ${links} on ${links.id} = ${callParticipants.linkId}
      where ${callParticipants.id} = ${participantId} and ${callParticipants.callId} = ${callId}
        and ${links.id} = ${agentAssignments.linkId} and ${links.deletedAt} is null)`,
  );

/** Stores the outcome of an assignment in a call, once for each call: a second commit is stale. */
export const storeAttempt = (
  q: Queries,
  row: AgentAssignment,
  attempt: { callId: string; at: Date; refusal: string | null },
): Statement =>
  changeVersioned(q, agentAssignments, row, {
    lastCallId: attempt.callId,
    lastAt: attempt.at,
    lastRefusal: attempt.refusal,
  });

/** Holds that the agent has not been in the call before: once removed, it does not come back by itself. */
export const holdFirstTime = (
  q: Queries,
  { organizationId, agentId }: AgentAssignment,
  callId: string,
): Statement =>
  mustHold(
    q,
    sql`(select count(*) from ${callAgents} where ${callAgents.organizationId} = ${organizationId}
      and ${callAgents.callId} = ${callId} and ${callAgents.agentId} = ${agentId}) <= 1`,
    assignmentErrors.cameAlready,
  );
