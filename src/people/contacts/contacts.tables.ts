import { sql } from 'drizzle-orm';
import { boolean, check, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import {
  createdAt,
  id,
  utcTimestamp,
  updatedAt,
  version,
  enumColumn,
  enumCheck,
} from '../../kernel/db/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { RELATIONSHIPS } from './contacts.enums.ts';

/** An entry of a user's address book: another user of the organization, or an external contact without an account. */
export const contacts = pgTable(
  'contacts',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** The owner of the address book; the row is visible to the owner only. */
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The user who is the contact; null for an external contact. */
    contactUserId: id('contact_user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Set for an external contact only. */
    name: text('name'),
    /** Set for an external contact only: a phone number, an email or a SIP address. */
    address: text('address'),
    nickname: text('nickname'),
    relationship: enumColumn('relationship', RELATIONSHIPS).notNull(),
    favourite: boolean('favourite').notNull().default(false),
    tags: text('tags').array().notNull().default([]),
    notes: text('notes'),
    /** When the contact was blocked; null while it is not. */
    blockedAt: utcTimestamp('blocked_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('contacts_person_key').on(t.organizationId, t.userId, t.contactUserId),
    uniqueIndex('contacts_address_key')
      .on(t.organizationId, t.userId, sql`lower(${t.address})`)
      .where(sql`${t.address} is not null`),
    index('contacts_owner_idx').on(t.organizationId, t.userId, t.id),
    index('contacts_user_id_idx').on(t.userId),
    index('contacts_contact_user_id_idx').on(t.contactUserId),
    enumCheck('contacts_relationship_check', t.relationship, RELATIONSHIPS),
    check(
      'contacts_kind_check',
      sql`(${t.contactUserId} is null) = (${t.name} is not null and ${t.address} is not null)`,
    ),
    check('contacts_self_check', sql`${t.contactUserId} is null or ${t.contactUserId} <> ${t.userId}`),
  ],
);
