import { bigint, pgTable } from 'drizzle-orm/pg-core';
import { id, utcTimestamp } from '../../kernel/db/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';

/** Totals of the files of an organization, written by a trigger of `files` (`count_files`) and counted by usage; no row before the first file. */
export const storageTotals = pgTable('storage_totals', {
  organizationId: id('organization_id')
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  /** Rows of `files`: also deleted ones and uploads. */
  files: bigint('files', { mode: 'number' }).notNull(),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
  /** Bytes that were downloaded since the last sample. */
  downloadedBytes: bigint('downloaded_bytes', { mode: 'number' }).notNull().default(0),
  /** The hour of the last sample; null before the first. */
  sampledAt: utcTimestamp('sampled_at'),
});
