export {
  CLIENT_METADATA_PATH,
  endConsent,
  grantOfConnection,
  identityOf,
  openGrant,
  revokeTokens,
  sealGrant,
  tokenEndOf,
} from './connection-grant.ts';
export { openHeaders } from './connection-headers.ts';
export { mcpConnectionErrors } from './mcp-connections.errors.ts';
export { presentConnection } from './mcp-connections.present.ts';
export { endConsentRow, holdConnection, replaceGrant } from './grants.queries.ts';
export { selectConnection } from './mcp-connections.queries.ts';
export {
  connectionExample,
  connectionParamsSchema,
  connectionSchema,
  toolNameSchema,
} from './mcp-connections.schemas.ts';
export type { McpConnection } from './mcp-connections.tables.ts';
export {
  type CallableTool,
  findConnection,
  getConnection,
  listCallableTools,
  listConnections,
} from './read-connections.ts';
export { testConnection } from './test-connection.ts';
export { useConnection } from './use-credential.ts';
