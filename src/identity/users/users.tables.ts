import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, updatedAt, utcTimestamp, version } from '../../kernel/db/index.ts';

/** A person with an account. Belongs to no organization itself; memberships connect the two. */
export const users = pgTable(
  'users',
  {
    id: id('id').primaryKey(),
    /** In its canonical form: see `email.rules.ts`. */
    email: text('email').notNull(),
    emailVerified: boolean('email_verified').notNull().default(false),
    name: text('name').notNull(),
    avatarUrl: text('avatar_url'),
    bio: text('bio'),
    locale: text('locale').notNull().default('en'),
    timeZone: text('time_zone').notNull().default('UTC'),
    metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>().notNull().default({}),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    lastLoginAt: utcTimestamp('last_login_at'),
    /** When the account is erased, after its user has requested that; null for one that stays. */
    deletesAt: utcTimestamp('deletes_at'),
    /** When what the row says of the person was erased; the row itself, and all that refers to it, goes later. */
    erasedAt: utcTimestamp('erased_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('users_email_key').on(sql`lower(${t.email})`),
    index('users_deletes_at_idx')
      .on(t.deletesAt)
      .where(sql`${t.deletesAt} is not null`),
    index('users_erased_at_idx')
      .on(t.erasedAt)
      .where(sql`${t.erasedAt} is not null`),
  ],
);
