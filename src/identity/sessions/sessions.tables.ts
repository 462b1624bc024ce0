import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, updatedAt, utcTimestamp } from '../../kernel/db/index.ts';
import { users } from '../users/users.tables.ts';

/** One sign-in on one device, with all refresh tokens that follow from it. */
export const sessions = pgTable(
  'sessions',
  {
    id: id('id').primaryKey(),
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: text('token_hash').notNull(),
    organizationId: id('organization_id'),
    ip: text('ip'),
    userAgent: text('user_agent'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    expiresAt: utcTimestamp('expires_at').notNull(),
    revokedAt: utcTimestamp('revoked_at'),
    revokedReason: text('revoked_reason'),
  },
  (t) => [
    index('sessions_user_id_idx').on(t.userId, t.id),
    uniqueIndex('sessions_token_hash_key').on(t.tokenHash),
    index('sessions_expires_at_idx').on(t.expiresAt),
  ],
);

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: id('id').primaryKey(),
    sessionId: id('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    tokenHash: text('token_hash').notNull(),
    createdAt: createdAt(),
    expiresAt: utcTimestamp('expires_at').notNull(),
    /** When it was exchanged for the next one. */
    usedAt: utcTimestamp('used_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    index('refresh_tokens_session_id_idx').on(t.sessionId),
    uniqueIndex('refresh_tokens_token_hash_key').on(t.tokenHash),
  ],
);
