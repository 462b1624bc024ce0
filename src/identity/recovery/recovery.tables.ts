import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, id, updatedAt, utcTimestamp } from '../../kernel/db/index.ts';

/** Password resets that were requested: `identifier` is the hash of the mailed token, `value` the user's id. */
export const verifications = pgTable(
  'verifications',
  {
    id: id('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    expiresAt: utcTimestamp('expires_at').notNull(),
  },
  (t) => [
    index('verifications_identifier_idx').on(t.identifier),
    index('verifications_value_idx').on(t.value),
    index('verifications_expires_at_idx').on(t.expiresAt),
  ],
);
