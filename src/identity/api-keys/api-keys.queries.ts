import { and, eq, gt, gte, isNull, or, sql } from 'drizzle-orm';
import type { PageRange } from '../../kernel/core/index.ts';
import { type Queries, inOrder, isInRange, changeVersioned } from '../../kernel/db/index.ts';
import { holdLimit } from '../entitlements/index.ts';
import { organizations } from '../organizations/organizations.tables.ts';
import { apiKeys } from './api-keys.tables.ts';

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** Also revoked ones; one row more than `limit`, which shows whether there is a next page. */
export function selectApiKeys(q: Queries, organizationId: string, range: PageRange) {
  return q
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.organizationId, organizationId), isInRange(apiKeys.id, range)))
    .orderBy(inOrder(apiKeys.id, range))
    .limit(range.limit + 1);
}

export function selectApiKey(q: Queries, organizationId: string, apiKeyId: string) {
  return q
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.organizationId, organizationId), eq(apiKeys.id, apiKeyId)));
}

export function insertApiKey(q: Queries, row: typeof apiKeys.$inferInsert) {
  return q.insert(apiKeys).values(row);
}

/** Fails the commit with `billing.limit_reached` when there would be more active keys than the plan allows. */
export const holdApiKeys = (q: Queries, organizationId: string, now: Date) =>
  holdLimit(q, {
    organizationId,
    now,
    limit: 'api_keys',
    rows: sql`select from ${apiKeys} where ${apiKeys.organizationId} = ${organizationId} and ${apiKeys.revokedAt} is null
      and (${apiKeys.expiresAt} is null or ${apiKeys.expiresAt} > ${now.toISOString()}::timestamptz)`,
  });

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeApiKey(q: Queries, row: ApiKeyRow, set: Partial<ApiKeyRow>) {
  return changeVersioned(q, apiKeys, row, set);
}

/**
 * Revokes all keys that a user has made, themselves or with a key of theirs, in whichever organization.
 * @param since only those that were made or changed since then
 */
export function revokeApiKeysOfUser(q: Queries, userId: string, now: Date, since?: Date) {
  return q
    .update(apiKeys)
    .set({ revokedAt: now, updatedAt: now, version: sql`${apiKeys.version} + 1` })
    .where(
      and(eq(apiKeys.createdBy, userId), isNull(apiKeys.revokedAt), since && gte(apiKeys.updatedAt, since)),
    );
}

/** Revokes all keys of an organization. */
export function revokeApiKeysOfOrganization(q: Queries, organizationId: string, now: Date) {
  return q
    .update(apiKeys)
    .set({ revokedAt: now, updatedAt: now, version: sql`${apiKeys.version} + 1` })
    .where(and(eq(apiKeys.organizationId, organizationId), isNull(apiKeys.revokedAt)));
}

/** Uses of a key that are not in its row yet. */
export interface ApiKeyUsage {
  id: string;
  uses: number;
  /** ISO 8601. */
  lastUsedAt: string;
}

/** Adds the uses that an isolate has counted; version and `updatedAt` stay. */
export function addApiKeyUsage(q: Queries, uses: readonly ApiKeyUsage[]) {
  return q.execute(sql`update ${apiKeys} set
      usage_count = usage_count + counted.uses,
      last_used_at = greatest(last_used_at, counted."lastUsedAt")
    from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb)
      as counted(id text, uses bigint, "lastUsedAt" timestamptz)
    where ${apiKeys.id} = counted.id`);
}

/**
 * The key of a secret that is valid now, with its organization's plan; this use is counted in the same statement. None
 * for a secret that is unknown, replaced, expired or revoked, or whose organization is deleted.
 */
export function selectKeyAndCountUse(q: Queries, secretHash: string, now: Date) {
  const used = q.$with('used').as(
    q
      .update(apiKeys)
      .set({
        usageCount: sql`${apiKeys.usageCount} + 1`,
        lastUsedAt: sql`greatest(${apiKeys.lastUsedAt}, ${now.toISOString()}::timestamptz)`,
      })
      .where(
        and(
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
          or(
            eq(apiKeys.secretHash, secretHash),
            and(eq(apiKeys.previousSecretHash, secretHash), gt(apiKeys.previousValidUntil, now)),
          ),
        ),
      )
      .returning(),
  );
  return q
    .with(used)
    .select({
      id: used.id,
      organizationId: used.organizationId,
      scopes: used.scopes,
      requestsPerMinute: used.requestsPerMinute,
      secretHash: used.secretHash,
      previousValidUntil: used.previousValidUntil,
      expiresAt: used.expiresAt,
      plan: organizations.plan,
    })
    .from(used)
    .innerJoin(
      organizations,
      and(eq(organizations.id, used.organizationId), isNull(organizations.deletedAt)),
    );
}
