import { type SQL, sql } from 'drizzle-orm';
import { holdSize, holdTotal } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { storageTotals } from './storage.tables.ts';

const totalOf = (column: SQL, organizationId: string): SQL =>
  sql`(select coalesce((select ${column} from ${storageTotals} where ${storageTotals.organizationId} = ${organizationId}), 0))`;

/** What an organization stores with the product, as an expression. */
export const storedBytes = (organizationId: string): SQL =>
  totalOf(sql`${storageTotals.sizeBytes}`, organizationId);

interface AddedFile {
  organizationId: string;
  sizeBytes: number;
  now: Date;
}

/**
 * Fails the commit with `billing.limit_reached` when a file is larger than the plan allows, or the organization would
 * have too many files or bytes with it: the statements after the insertion of its row.
 */
export const holdStorage = (q: Queries, { organizationId, sizeBytes, now }: AddedFile): Statement[] => [
  holdSize(q, { limit: 'file_bytes', size: sizeBytes, organizationId, now }),
  holdTotal(q, {
    limit: 'storage_bytes',
    total: storedBytes(organizationId),
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
