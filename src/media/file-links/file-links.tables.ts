import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, id, utcTimestamp } from '../../kernel/db/index.ts';
import { files } from '../files/files.tables.ts';

/** Links through which people without an account download one file; a revoked one has no row. */
export const fileLinks = pgTable(
  'file_links',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    fileId: id('file_id')
      .notNull()
      .references(() => files.id, { onDelete: 'cascade' }),
    /** Keyed hash of the token, which is stored nowhere. */
    tokenHash: text('token_hash').notNull(),
    passwordHash: text('password_hash'),
    /** Null for any number. */
    maxDownloads: integer('max_downloads'),
    downloads: integer('downloads').notNull().default(0),
    lastDownloadedAt: utcTimestamp('last_downloaded_at'),
    expiresAt: utcTimestamp('expires_at'),
    /** Its creator is a user or an API key. */
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    apiKeyId: id('api_key_id').references(() => apiKeys.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('file_links_token_hash_key').on(t.tokenHash),
    index('file_links_organization_id_idx').on(t.organizationId),
    index('file_links_file_id_idx').on(t.fileId, t.id),
    index('file_links_user_id_idx').on(t.userId),
    index('file_links_api_key_id_idx').on(t.apiKeyId),
    check('file_links_creator_check', sql`num_nonnulls(${t.userId}, ${t.apiKeyId}) = 1`),
    check(
      'file_links_downloads_check',
      sql`${t.downloads} >= 0 and ${t.downloads} <= coalesce(${t.maxDownloads}, ${t.downloads})`,
    ),
  ],
);

export type FileLink = typeof fileLinks.$inferSelect;
