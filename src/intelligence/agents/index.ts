export { agentErrors } from './agents.errors.ts';
export { selectAgentsById } from './agents.queries.ts';
export { requireChangeable, showsTo } from './agents.rules.ts';
export { agentIdSchema, agentParamsSchema, type AgentDefinition } from './agents.schemas.ts';
export type { Agent, AgentVersion } from './agents.tables.ts';
export { getAgent } from './read-agents.ts';
