import { and, asc, count, eq, inArray, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  isAfter,
  isUnchanged,
  mustChange,
  type Queries,
} from '../../kernel/db/index.ts';
import type { McpTool } from '../mcp-client/index.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import { MAX_CONNECTIONS } from './mcp-connections.rules.ts';
import { type McpConnection, mcpConnections } from './mcp-connections.tables.ts';

export const selectMcpConnections = (
  q: Queries,
  organizationId: string,
  { after, limit }: { after: string | undefined; limit: number },
) =>
  q
    .select()
    .from(mcpConnections)
    .where(and(eq(mcpConnections.organizationId, organizationId), isAfter(mcpConnections.id, after)))
    .orderBy(asc(mcpConnections.id))
    .limit(limit + 1);

export const selectConnection = (q: Queries, organizationId: string, connectionId: string) =>
  q
    .select()
    .from(mcpConnections)
    .where(and(eq(mcpConnections.organizationId, organizationId), eq(mcpConnections.id, connectionId)));

export const countConnections = (q: Queries, organizationId: string) =>
  q.select({ count: count() }).from(mcpConnections).where(eq(mcpConnections.organizationId, organizationId));

/** Connections by their ids, with only those tools that are named. */
export const selectToolsByName = (
  q: Queries,
  organizationId: string,
  connectionIds: readonly string[],
  names: readonly string[],
) =>
  q
    .select({
      id: mcpConnections.id,
      enabled: mcpConnections.enabled,
      status: mcpConnections.status,
      allowedTools: mcpConnections.allowedTools,
      unconfirmedTools: mcpConnections.unconfirmedTools,
      tools: sql<
        McpTool[]
      >`(select coalesce(jsonb_agg(tool), '[]') from jsonb_array_elements(${mcpConnections.tools}) tool
        where tool ->> 'name' in (select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb)))`,
    })
    .from(mcpConnections)
    .where(
      and(eq(mcpConnections.organizationId, organizationId), inArray(mcpConnections.id, [...connectionIds])),
    );

/** Stores the scope to which the person would have to consent in addition. */
export const noteMissingScope = (q: Queries, { organizationId, id }: McpConnection, missingScope: string) =>
  q
    .update(mcpConnections)
    .set({ missingScope })
    .where(and(eq(mcpConnections.organizationId, organizationId), eq(mcpConnections.id, id)));

/** Inserts a connection; the commit fails with `mcp_connections.too_many` when the organization has too many. */
export const insertConnection = (q: Queries, row: McpConnection) =>
  insertWithin(q, mcpConnections, row, { most: MAX_CONNECTIONS, error: mcpConnectionErrors.tooMany });

/** A consent does not change the connection's version, and yet matters for changes. */
export const isConsentOf = ({ consentedBy }: McpConnection) =>
  sql`${mcpConnections.consentedBy} is not distinct from ${consentedBy}`;

/** Changes the row if it still has the version and the consent that were read; otherwise the commit fails with `request.stale`. */
export const changeConnection = (q: Queries, row: McpConnection, set: Partial<McpConnection>) =>
  changeVersioned(q, mcpConnections, row, set, { condition: isConsentOf(row) });

/** Deletes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const deleteConnectionRow = (q: Queries, row: McpConnection) =>
  deleteVersioned(q, mcpConnections, row);

/**
 * Stores the outcome of a test, which is not a change of the connection, unless it or its consent was changed
 * meanwhile (`request.stale`).
 */
export const noteTest = (q: Queries, row: McpConnection, set: Partial<McpConnection>) =>
  mustChange(
    q,
    q
      .update(mcpConnections)
      .set(set)
      .where(and(isUnchanged(mcpConnections, row), isConsentOf(row)))
      .returning({ id: mcpConnections.id }),
    requestErrors.stale,
  );
