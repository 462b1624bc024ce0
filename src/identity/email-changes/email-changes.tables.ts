import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, id, updatedAt, utcTimestamp } from '../../kernel/db/index.ts';
import { users } from '../users/users.tables.ts';

/** Changes of users' addresses: requested, and after that confirmed. */
export const emailChanges = pgTable(
  'email_changes',
  {
    id: id('id').primaryKey(),
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    oldEmail: text('old_email').notNull(),
    /** Whether the old address was verified: only then its owner is informed, and may stop the change. */
    oldEmailVerified: boolean('old_email_verified').notNull(),
    newEmail: text('new_email').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    /** Until when a requested change can be confirmed, and a confirmed one undone. */
    expiresAt: utcTimestamp('expires_at').notNull(),
    /** Null until the new address has confirmed. */
    confirmedAt: utcTimestamp('confirmed_at'),
  },
  (t) => [
    index('email_changes_user_id_idx').on(t.userId),
    index('email_changes_old_email_idx').on(t.oldEmail),
    index('email_changes_expires_at_idx').on(t.expiresAt),
  ],
);
