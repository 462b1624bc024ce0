import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp, updatedAt, version } from '../../kernel/db/index.ts';
import { users } from '../users/users.tables.ts';
import { tenant } from '../organizations/organizations.tables.ts';

export const apiKeys = pgTable(
  'api_keys',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    /** First characters of the secret, to recognize the key by. */
    prefix: text('prefix').notNull(),
    secretHash: text('secret_hash').notNull(),
    /** The secret before a reroll, valid until `previousValidUntil`. */
    previousSecretHash: text('previous_secret_hash'),
    previousValidUntil: utcTimestamp('previous_valid_until'),
    scopes: jsonb('scopes').$type<string[]>().notNull(),
    /** The key's own limit; the organization's applies as well. */
    requestsPerMinute: integer('requests_per_minute').notNull(),
    usageCount: bigint('usage_count', { mode: 'number' }).notNull().default(0),
    lastUsedAt: utcTimestamp('last_used_at'),
    expiresAt: utcTimestamp('expires_at'),
    revokedAt: utcTimestamp('revoked_at'),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('api_keys_secret_hash_key').on(t.secretHash),
    uniqueIndex('api_keys_previous_secret_hash_key').on(t.previousSecretHash),
    index('api_keys_organization_id_idx').on(t.organizationId, t.id),
    index('api_keys_created_by_idx').on(t.createdBy),
  ],
);
