export { callConnectionTool } from './call-connection-tool.ts';
export type { McpConnection } from './mcp-connections.tables.ts';
export { listConnections } from './read-connections.ts';
