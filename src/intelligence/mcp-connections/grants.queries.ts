import { and, eq, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import { isConsentOf } from './mcp-connections.queries.ts';
import { type McpConnection, mcpConnections } from './mcp-connections.tables.ts';

/** Connections whose credentials are encrypted with an older key of the product, and are not being refreshed. */
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

/**
 * Locks the permissions of the connection until the commit, which fails with `request.stale` when somebody has changed
 * it.
 */
export const holdConnection = (q: Queries, { organizationId, id, updatedAt }: McpConnection) =>
  mustChange(
    q,
    q
      .update(mcpConnections)
      .set({ updatedAt })
      .where(
        and(
          eq(mcpConnections.organizationId, organizationId),
          eq(mcpConnections.id, id),
          eq(mcpConnections.updatedAt, updatedAt),
        ),
      )
      .returning({ id: mcpConnections.id }),
    requestErrors.stale,
  );

/**
 * Lets only one request refresh the grant that it has read; the commit of another fails with
 * `mcp_connections.refreshing`.
 */
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

/**
 * Ends the consent that was read, even while its tokens are refreshed; with another consent the commit fails
 * (`request.stale`).
 */
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
