import { and, asc, eq, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import type { AiProviderName } from '../providers/index.ts';
import { providerKeyErrors } from './provider-keys.errors.ts';
import { aiProviderKeys, type ProviderKeyRow } from './provider-keys.tables.ts';

export const selectProviderKeys = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(aiProviderKeys)
    .where(eq(aiProviderKeys.organizationId, organizationId))
    .orderBy(asc(aiProviderKeys.provider));

/** Stores a key in place of the one that the organization has for the provider; the row gets another id, which the new secret is bound to. */
export const upsertProviderKey = (q: Queries, row: ProviderKeyRow) =>
  q
    .insert(aiProviderKeys)
    .values(row)
    .onConflictDoUpdate({
      target: [aiProviderKeys.organizationId, aiProviderKeys.provider],
      set: {
        id: row.id,
        sealedSecret: row.sealedSecret,
        testedAt: row.testedAt,
        createdBy: row.createdBy,
        updatedAt: row.updatedAt,
        version: sql`${aiProviderKeys.version} + 1`,
      },
    });

export const deleteProviderKeyRow = (q: Queries, organizationId: string, provider: AiProviderName) =>
  mustChange(
    q,
    q
      .delete(aiProviderKeys)
      .where(and(eq(aiProviderKeys.organizationId, organizationId), eq(aiProviderKeys.provider, provider)))
      .returning({ id: aiProviderKeys.id }),
    providerKeyErrors.notFound,
  );

/** Keys that are encrypted with another key of the product than the newest. */
export const selectOutdatedKeys = (q: Queries, newestKeyId: string, now: Date, limit: number) =>
  q
    .select({
      id: aiProviderKeys.id,
      organizationId: aiProviderKeys.organizationId,
      sealedSecret: aiProviderKeys.sealedSecret,
    })
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
