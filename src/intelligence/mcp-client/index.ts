export { AuthorizationWanted } from './outgoing-fetch.ts';
export type { McpTool } from './tools.rules.ts';
export {
  type McpCallResult,
  type McpServerAddress,
  type McpSession,
  useMcpServer,
} from './use-mcp-server.ts';
