export {
  type McpCallResult,
  type McpServerAddress,
  type McpSession,
  type McpTool,
  useMcpServer,
} from './use-mcp-server.ts';
