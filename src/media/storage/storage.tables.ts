import { bigint, pgTable } from 'drizzle-orm/pg-core';
import { id } from '../../kernel/db/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';

/** What the files of an organization come to. A trigger of `files` writes it (`count_files`); no row before the first file. */
export const storageTotals = pgTable('storage_totals', {
  organizationId: id('organization_id')
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  /** Rows of `files`: also deleted ones and uploads. */
  files: bigint('files', { mode: 'number' }).notNull(),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
});
