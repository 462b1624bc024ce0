import { and, asc, count, eq, inArray, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  inTurn,
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

/** Connections by their ids, of their tools those of these names. */
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

/** Notes what the person would have to consent to beside what they have. */
export const noteMissingScope = (q: Queries, { organizationId, id }: McpConnection, missingScope: string) =>
  q
    .update(mcpConnections)
    .set({ missingScope })
    .where(and(eq(mcpConnections.organizationId, organizationId), eq(mcpConnections.id, id)));

/** Inserts a connection; the commit fails with `mcp_connections.too_many` when the organization has too many. */
export const insertConnection = (q: Queries, row: McpConnection) =>
  insertWithin(q, mcpConnections, row, { most: MAX_CONNECTIONS, error: mcpConnectionErrors.tooMany });

/** A consent is no change of the connection, and yet decides about one. */
const isConsentOf = ({ consentedBy }: McpConnection) =>
  sql`${mcpConnections.consentedBy} is not distinct from ${consentedBy}`;

/** Changes the row if it still has the version and the consent that were read; otherwise the commit fails with `request.stale`. */
export const changeConnection = (q: Queries, row: McpConnection, set: Partial<McpConnection>) =>
  changeVersioned(q, mcpConnections, row, set, { condition: isConsentOf(row) });

/** Deletes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const deleteConnectionRow = (q: Queries, row: McpConnection) =>
  deleteVersioned(q, mcpConnections, row);

/** Notes the outcome of a test, which is no change of the connection, unless it or its consent was changed meanwhile (`request.stale`). */
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

/** Connections whose credentials are encrypted with another key of the product than the newest, and not refreshed now. */
export const selectOutdatedCredentials = (q: Queries, newestKeyId: string, now: Date, limit: number) =>
  q
    .select()
    .from(mcpConnections)
    .where(
      sql`(split_part(${mcpConnections.sealedHeaders}, '.', 2) <> ${newestKeyId}
        or split_part(${mcpConnections.sealedGrant}, '.', 2) <> ${newestKeyId})
        and (${mcpConnections.refreshingUntil} is null or ${mcpConnections.refreshingUntil} <= ${now.toISOString()})`,
    )
    .orderBy(inTurn(mcpConnections.id, now))
    .limit(limit);

/** Stores another grant in place of the one that was read; otherwise the commit fails with `request.stale`. */
export const replaceGrant = (
  q: Queries,
  { organizationId, id, sealedGrant }: McpConnection,
  set: Partial<McpConnection>,
) =>
  mustChange(
    q,
    q
      .update(mcpConnections)
      .set({ ...set, refreshingUntil: null })
      .where(
        and(
          eq(mcpConnections.organizationId, organizationId),
          eq(mcpConnections.id, id),
          sql`${mcpConnections.sealedGrant} is not distinct from ${sealedGrant}`,
        ),
      )
      .returning({ id: mcpConnections.id }),
    requestErrors.stale,
  );

/** Lets one request alone refresh the grant that it has read; the commit of another fails with `mcp_connections.refreshing`. */
export const claimRefresh = (
  q: Queries,
  { organizationId, id, sealedGrant }: McpConnection,
  now: Date,
  until: Date,
) =>
  mustChange(
    q,
    q
      .update(mcpConnections)
      .set({ refreshingUntil: until })
      .where(
        and(
          eq(mcpConnections.organizationId, organizationId),
          eq(mcpConnections.id, id),
          eq(mcpConnections.sealedGrant, sealedGrant ?? ''),
          sql`(${mcpConnections.refreshingUntil} is null or ${mcpConnections.refreshingUntil} <= ${now.toISOString()})`,
        ),
      )
      .returning({ id: mcpConnections.id }),
    mcpConnectionErrors.refreshing,
  );

/** Encrypts a grant again, unless it has been replaced or is being refreshed (`request.stale`). */
export const resealGrant = (q: Queries, row: McpConnection, sealedGrant: string) =>
  mustChange(
    q,
    q
      .update(mcpConnections)
      .set({ sealedGrant })
      .where(
        and(
          eq(mcpConnections.organizationId, row.organizationId),
          eq(mcpConnections.id, row.id),
          sql`${mcpConnections.sealedGrant} is not distinct from ${row.sealedGrant}`,
          sql`${mcpConnections.refreshingUntil} is not distinct from ${row.refreshingUntil?.toISOString() ?? null}`,
        ),
      )
      .returning({ id: mcpConnections.id }),
    requestErrors.stale,
  );

/** Ends the consent that was read, also while its tokens are refreshed; another one fails the commit (`request.stale`). */
export const endConsentRow = (q: Queries, row: McpConnection, set: Partial<McpConnection>) =>
  mustChange(
    q,
    q
      .update(mcpConnections)
      .set({ ...set, refreshingUntil: null })
      .where(
        and(
          eq(mcpConnections.organizationId, row.organizationId),
          eq(mcpConnections.id, row.id),
          isConsentOf(row),
        ),
      )
      .returning({ id: mcpConnections.id }),
    requestErrors.stale,
  );

const isConsentedBy = (userId: string, organizationId: string | null) =>
  and(
    eq(mcpConnections.consentedBy, userId),
    organizationId === null ? undefined : eq(mcpConnections.organizationId, organizationId),
  );

/** Connections that a person has consented to, of one organization or of all. */
export const selectConsentedBy = (q: Queries, userId: string, organizationId: string | null) =>
  q.select().from(mcpConnections).where(isConsentedBy(userId, organizationId));

/** Ends the consents of a person, in one organization or in all. */
export const endConsentsOf = (q: Queries, userId: string, organizationId: string | null) =>
  q
    .update(mcpConnections)
    .set({
      status: 'needs_authorization',
      problem: 'authorization_ended',
      sealedGrant: null,
      tokenEndsAt: null,
      refreshingUntil: null,
      consentedBy: null,
    })
    .where(isConsentedBy(userId, organizationId));
