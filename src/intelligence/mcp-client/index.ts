export { AuthorizationWanted } from './outgoing-fetch.ts';
export {
  type McpCallResult,
  type McpServerAddress,
  type McpSession,
  type McpTool,
  useMcpServer,
} from './use-mcp-server.ts';
