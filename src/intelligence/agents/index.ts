export { agentErrors } from './agents.errors.ts';
export { auditOfAgent, newAgent } from './new-agent.ts';
export { holdShownAgent, insertAgent, isAgentShownTo, selectAgentsById } from './agents.queries.ts';
export { mayChangeAgent, requireChangeable, restrictedAuthor, showsTo } from './agents.rules.ts';
export {
  agentDefinitionSchema,
  agentIdSchema,
  agentParamsSchema,
  createAgentSchema,
  type AgentDefinition,
} from './agents.schemas.ts';
export type { Agent, AgentVersion } from './agents.tables.ts';
export { getAgent, getPublishedAgent } from './read-agents.ts';
