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

/** Notes the sample of an hour, once; the commit fails with `request.stale` when there is one. */
export const recordSample = (q: Queries, { organizationId, downloadedBytes }: StorageTotal, hour: Date) =>
  mustChange(
    q,
    q
      .update(storageTotals)
      .set({ sampledAt: hour, downloadedBytes: sql`${storageTotals.downloadedBytes} - ${downloadedBytes}` })
      .where(and(eq(storageTotals.organizationId, organizationId), isUnsampled(hour)))
      .returning({ organizationId: storageTotals.organizationId }),
    requestErrors.stale,
  );

/** Adds downloaded bytes to what the next sample counts. */
export const addDownloadedBytes = (q: Queries, organizationId: string, bytes: number) =>
  q
    .update(storageTotals)
    .set({ downloadedBytes: sql`${storageTotals.downloadedBytes} + ${bytes}` })
    .where(eq(storageTotals.organizationId, organizationId));
