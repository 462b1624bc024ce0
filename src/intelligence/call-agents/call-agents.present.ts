import type { CallAgentView } from './call-agents.schemas.ts';
import type { CallAgent } from './call-agents.tables.ts';

export const presentCallAgent = (row: CallAgent): CallAgentView => ({
  id: row.id,
  agentId: row.agentId,
  callId: row.callId,
  conversationId: row.conversationId,
  name: row.name,
  seesScreens: row.seesScreens,
  invitedBy: row.userId,
  state: row.state,
  reason: row.reason,
  createdAt: row.createdAt.toISOString(),
});
