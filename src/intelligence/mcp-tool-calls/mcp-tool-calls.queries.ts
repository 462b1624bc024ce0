import { and, asc, eq, gte, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { mcpConnections } from '../mcp-connections/mcp-connections.tables.ts';
import { type McpToolCall, mcpToolCalls } from './mcp-tool-calls.tables.ts';

/** Stores a call, unless the connection is gone. */
export const insertCall = (q: Queries, row: McpToolCall) =>
  q.execute(sql`
    insert into ${mcpToolCalls} (id, organization_id, connection_id, tool, outcome, duration_ms, called_at)
    select ${row.id}, organization_id, id, ${row.tool}, ${row.outcome}, ${row.durationMs}, ${row.calledAt.toISOString()}
    from ${mcpConnections} where organization_id = ${row.organizationId} and id = ${row.connectionId}`);

const p95 = sql<number>`(percentile_cont(0.95) within group (order by ${mcpToolCalls.durationMs}))::double precision`;

/** The calls of a connection since a moment, by tool. */
export const selectUsage = (q: Queries, organizationId: string, connectionId: string, since: Date) =>
  q
    .select({
      tool: mcpToolCalls.tool,
      calls: sql<number>`count(*)::int`,
      toolFailures: sql<number>`(count(*) filter (where ${mcpToolCalls.outcome} = 'tool_failed'))::int`,
      failures: sql<number>`(count(*) filter (where ${mcpToolCalls.outcome} = 'failed'))::int`,
      averageMs: sql<number>`avg(${mcpToolCalls.durationMs})::double precision`,
      p95Ms: p95,
    })
    .from(mcpToolCalls)
    .where(
      and(
        eq(mcpToolCalls.organizationId, organizationId),
        eq(mcpToolCalls.connectionId, connectionId),
        gte(mcpToolCalls.calledAt, since),
      ),
    )
    .groupBy(mcpToolCalls.tool)
    .orderBy(asc(mcpToolCalls.tool));

/** Deletes calls before a moment. */
export const deleteOldCalls = (q: Queries, before: Date, limit: number) =>
  q
    .delete(mcpToolCalls)
    .where(
      sql`${mcpToolCalls.id} in (select id from ${mcpToolCalls} where called_at < ${before.toISOString()} limit ${limit})`,
    )
    .returning({ id: mcpToolCalls.id });
