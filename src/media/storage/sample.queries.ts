import { and, eq, gt, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import { storageTotals } from './storage.tables.ts';

export type StorageTotal = typeof storageTotals.$inferSelect;

const isUnsampled = (hour: Date): SQL =>
  or(isNull(storageTotals.sampledAt), lt(storageTotals.sampledAt, hour))!;

/** Totals that have no sample of the hour, and something to measure, in no order. */
export const selectUnsampledTotals = (q: Queries, hour: Date, limit: number) =>
  q
    .select({ total: storageTotals })
    .from(storageTotals)
    .innerJoin(
      organizations,
      and(eq(organizations.id, storageTotals.organizationId), isNull(organizations.deletedAt)),
    )
    .where(and(isUnsampled(hour), or(gt(storageTotals.sizeBytes, 0), gt(storageTotals.downloadedBytes, 0))))
    .orderBy(inTurn(storageTotals.organizationId, hour))
    .limit(limit);

/**
 * Stores the samples of an hour, each once; the commit fails with `request.stale` when one exists already, or its
 * organization does not.
 */
export const recordSamples = (q: Queries, totals: readonly StorageTotal[], hour: Date) => {
  const counted = totals.map(({ organizationId, downloadedBytes }) => ({ organizationId, downloadedBytes }));
  return mustChange(
    q,
    sql`(
      update storage_totals t
      set sampled_at = ${hour.toISOString()}, downloaded_bytes = t.downloaded_bytes - c."downloadedBytes"
      from jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) as c ("organizationId" text, "downloadedBytes" bigint)
      where t.organization_id = c."organizationId" and (t.sampled_at is null or t.sampled_at < ${hour.toISOString()})
      returning t.organization_id)`,
    requestErrors.stale,
    totals.length,
  );
};

/** Adds downloaded bytes for the next sample. */
export const addDownloadedBytes = (q: Queries, organizationId: string, bytes: number) =>
  q
    .update(storageTotals)
    .set({ downloadedBytes: sql`${storageTotals.downloadedBytes} + ${bytes}` })
    .where(eq(storageTotals.organizationId, organizationId));
