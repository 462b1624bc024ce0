import { and, asc, eq, sql } from 'drizzle-orm';
import { type ErrorFactory, requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustChange, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import type { AiProviderName } from '../providers/index.ts';
import { MAX_CUSTOM_PROVIDERS } from './custom-providers.schemas.ts';
import { providerKeyErrors } from './provider-keys.errors.ts';
import { aiProviderKeys, type ProviderKeyRow } from './provider-keys.tables.ts';

export const selectProviderKeys = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(aiProviderKeys)
    .where(eq(aiProviderKeys.organizationId, organizationId))
    .orderBy(asc(aiProviderKeys.provider));

/**
 * Stores a key in place of the organization's present one for the provider; the row gets another id, to which the new
 * secret is bound.
 */
export const upsertProviderKey = (q: Queries, row: ProviderKeyRow) =>
  q
    .insert(aiProviderKeys)
    .values(row)
    .onConflictDoUpdate({
      target: [aiProviderKeys.organizationId, aiProviderKeys.provider],
      set: {
        id: row.id,
        sealedSecret: row.sealedSecret,
        baseUrl: row.baseUrl,
        models: row.models,
        takesUsageOption: row.takesUsageOption,
        testedAt: row.testedAt,
        createdBy: row.createdBy,
        updatedAt: row.updatedAt,
        version: sql`${aiProviderKeys.version} + 1`,
      },
    });

/**
 * Stores a custom provider in place of the one with its name. The commit fails when the organization has too many.
 * Such commits wait for each other, so that each counts all earlier providers.
 */
export const upsertCustomProvider = (q: Queries, row: ProviderKeyRow): Statement[] => [
  q.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`ai_custom_providers ${row.organizationId}`}, 0))`,
  ),
  upsertProviderKey(q, row),
  mustHold(
    q,
    sql`(select count(*) from ${aiProviderKeys} where organization_id = ${row.organizationId} and base_url is not null)
      <= ${MAX_CUSTOM_PROVIDERS}`,
    providerKeyErrors.tooManyCustom,
  ),
];

export const deleteProviderKeyRow = (
  q: Queries,
  organizationId: string,
  provider: AiProviderName,
  missing: ErrorFactory,
) =>
  mustChange(
    q,
    q
      .delete(aiProviderKeys)
      .where(and(eq(aiProviderKeys.organizationId, organizationId), eq(aiProviderKeys.provider, provider)))
      .returning({ id: aiProviderKeys.id }),
    missing,
  );

/** Keys that are encrypted with an older key of the product. */
export const selectOutdatedKeys = (q: Queries, newestKeyId: string, now: Date, limit: number) =>
  q
    .select()
    .from(aiProviderKeys)
    .where(sql`split_part(${aiProviderKeys.sealedSecret}, '.', 2) <> ${newestKeyId}`)
    .orderBy(inTurn(aiProviderKeys.id, now))
    .limit(limit);

/** Stores the same secret in another encryption, unless it was replaced meanwhile (`request.stale`). */
export const replaceSealedKey = (
  q: Queries,
  { id, organizationId, sealedSecret: old }: Pick<ProviderKeyRow, 'id' | 'organizationId' | 'sealedSecret'>,
  sealedSecret: string,
) =>
  mustChange(
    q,
    q
      .update(aiProviderKeys)
      .set({ sealedSecret })
      .where(
        and(
          eq(aiProviderKeys.organizationId, organizationId),
          eq(aiProviderKeys.id, id),
          eq(aiProviderKeys.sealedSecret, old),
        ),
      )
      .returning({ id: aiProviderKeys.id }),
    requestErrors.stale,
  );
