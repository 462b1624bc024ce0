export type { McpFeatures, ToolDefinition } from './features.ts';
export { SERVERS } from './servers.ts';
