import { CONNECTION_PROBLEM_TEXTS } from './mcp-connections.enums.ts';
import type { ConnectionView } from './mcp-connections.schemas.ts';
import type { McpConnection } from './mcp-connections.tables.ts';

/** A connection as the API shows it, without its headers. */
export const presentConnection = (row: McpConnection): ConnectionView => ({
  id: row.id,
  name: row.name,
  url: row.url,
  headerNames: row.headerNames,
  authorization: row.authorization,
  enabled: row.enabled,
  allowedTools: row.allowedTools,
  unconfirmedTools: row.unconfirmedTools,
  serverName: row.serverName,
  protocolVersion: row.protocolVersion,
  tools: row.tools.map((tool) => ({ ...tool, allowed: row.allowedTools?.includes(tool.name) ?? true })),
  status: row.status,
  problem: row.problem,
  problemDetail: row.problem && CONNECTION_PROBLEM_TEXTS[row.problem],
  consentedBy: row.consentedBy,
  missingScope: row.missingScope,
  testedAt: row.testedAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
