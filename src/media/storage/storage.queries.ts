import { type SQL, sql } from 'drizzle-orm';
import { holdSize, holdTotal } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { storageTotals } from './storage.tables.ts';

const totalOf = (column: SQL, organizationId: string): SQL =>
  sql`(select coalesce((select ${column} from ${storageTotals} where ${storageTotals.organizationId} = ${organizationId}), 0))`;

/** Fails the commit with `billing.limit_reached` when the organization has no byte of storage left. */
export const holdStorageLeft = (
  q: Queries,
  { organizationId, now }: { organizationId: string; now: Date },
): Statement => {
  const used = totalOf(sql`${storageTotals.sizeBytes}`, organizationId);
  return holdTotal(q, { limit: 'storage_bytes', total: sql`${used} + 1`, added: 1, organizationId, now });
};

interface AddedFile {
  organizationId: string;
  sizeBytes: number;
  now: Date;
}

/**
 * Fails the commit with `billing.limit_reached` when a file is larger than the plan allows, or when there are more files or bytes
 * with it than the organization may have: the statements after the one that inserts its row.
 */
export const holdStorage = (q: Queries, { organizationId, sizeBytes, now }: AddedFile): Statement[] => [
  holdSize(q, { limit: 'file_bytes', size: sizeBytes, organizationId, now }),
  holdTotal(q, {
    limit: 'storage_bytes',
    total: totalOf(sql`${storageTotals.sizeBytes}`, organizationId),
    added: sizeBytes,
    organizationId,
    now,
  }),
  holdTotal(q, {
    limit: 'files',
    total: totalOf(sql`${storageTotals.files}`, organizationId),
    added: 1,
    organizationId,
    now,
  }),
];
