export { agentErrors } from './agents.errors.ts';
export { auditOfAgent, newAgent } from './new-agent.ts';
export { insertAgent, selectAgentsById } from './agents.queries.ts';
export { requireChangeable, showsTo } from './agents.rules.ts';
export {
  agentDefinitionSchema,
  agentIdSchema,
  agentParamsSchema,
  createAgentSchema,
  type AgentDefinition,
} from './agents.schemas.ts';
export type { Agent, AgentVersion } from './agents.tables.ts';
export { getAgent } from './read-agents.ts';
