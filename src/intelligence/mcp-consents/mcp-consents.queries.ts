import { and, eq, sql } from 'drizzle-orm';
import { mustChange, type Queries, type Statement } from '../../kernel/db/index.ts';
import { mcpConsentErrors } from './mcp-consents.errors.ts';
import { type McpConsent, mcpConsents } from './mcp-consents.tables.ts';

/** Begins a consent, in place of another one of the same person. */
export const insertConsent = (q: Queries, row: McpConsent): Statement[] => [
  q
    .delete(mcpConsents)
    .where(
      and(
        eq(mcpConsents.organizationId, row.organizationId),
        eq(mcpConsents.connectionId, row.connectionId),
        eq(mcpConsents.userId, row.userId),
      ),
    ),
  q.insert(mcpConsents).values(row),
];

export const selectBegunConsent = (q: Queries, organizationId: string, stateHash: string) =>
  q
    .select()
    .from(mcpConsents)
    .where(and(eq(mcpConsents.organizationId, organizationId), eq(mcpConsents.stateHash, stateHash)));

/** A consent is completed once; the commit of a second one fails. */
export const takeConsent = (q: Queries, { organizationId, stateHash }: McpConsent) =>
  mustChange(
    q,
    q
      .delete(mcpConsents)
      .where(and(eq(mcpConsents.organizationId, organizationId), eq(mcpConsents.stateHash, stateHash)))
      .returning({ stateHash: mcpConsents.stateHash }),
    mcpConsentErrors.notFound,
  );

/** Deletes consents that ended before a moment. */
export const deleteOldConsents = (q: Queries, before: Date, limit: number) =>
  q
    .delete(mcpConsents)
    .where(
      sql`${mcpConsents.stateHash} in (select state_hash from ${mcpConsents} where ends_at < ${before.toISOString()} limit ${limit})`,
    )
    .returning({ stateHash: mcpConsents.stateHash });
