export { agentErrors } from './agents.errors.ts';
export { showsTo } from './agents.rules.ts';
export { agentIdSchema, agentParamsSchema, type AgentDefinition } from './agents.schemas.ts';
export type { Agent, AgentVersion } from './agents.tables.ts';
export { getAgent } from './read-agents.ts';
