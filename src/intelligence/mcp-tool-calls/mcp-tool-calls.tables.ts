import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { enumCheck, enumColumn, id, utcTimestamp } from '../../kernel/db/index.ts';
import { mcpConnections } from '../mcp-connections/mcp-connections.tables.ts';
import { CALL_OUTCOMES } from './mcp-tool-calls.enums.ts';

/** Calls of tools of MCP servers, without what was asked and answered. */
export const mcpToolCalls = pgTable(
  'mcp_tool_calls',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    connectionId: id('connection_id')
      .notNull()
      .references(() => mcpConnections.id, { onDelete: 'cascade' }),
    tool: text('tool').notNull(),
    outcome: enumColumn('outcome', CALL_OUTCOMES).notNull(),
    durationMs: integer('duration_ms').notNull(),
    calledAt: utcTimestamp('called_at').notNull(),
  },
  (t) => [
    index('mcp_tool_calls_connection_id_called_at_idx').on(t.connectionId, t.calledAt),
    index('mcp_tool_calls_organization_id_idx').on(t.organizationId),
    index('mcp_tool_calls_called_at_idx').on(t.calledAt),
    enumCheck('mcp_tool_calls_outcome_check', t.outcome, CALL_OUTCOMES),
  ],
);
export type McpToolCall = typeof mcpToolCalls.$inferSelect;
