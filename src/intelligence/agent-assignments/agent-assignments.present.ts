import type { AssignmentView } from './agent-assignments.schemas.ts';
import type { AgentAssignment } from './agent-assignments.tables.ts';

export const presentAssignment = (row: AgentAssignment): AssignmentView => ({
  id: row.id,
  roomId: row.roomId,
  agentId: row.agentId,
  linkId: row.linkId,
  assignedBy: row.userId,
  lastAttempt:
    row.lastAt === null
      ? null
      : { callId: row.lastCallId, attemptedAt: row.lastAt.toISOString(), refusal: row.lastRefusal },
  createdAt: row.createdAt.toISOString(),
});
