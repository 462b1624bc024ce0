import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, utcTimestamp } from '../db/index.ts';

export const idempotencyRecords = pgTable(
  'idempotency_records',
  {
    /** The actor's id; for public routes a hash that identifies the caller. */
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    /** Keyed hash over the route and the canonical body, which may hold a password. */
    requestHash: text('request_hash').notNull(),
    /** The first response, encrypted: it may hold a secret that is shown only once. */
    reply: text('reply').notNull(),
    createdAt: createdAt(),
    expiresAt: utcTimestamp('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.scope, t.key] }),
    index('idempotency_records_expires_at_idx').on(t.expiresAt),
  ],
);
