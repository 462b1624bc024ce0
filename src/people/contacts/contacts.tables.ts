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
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { RELATIONSHIPS } from './contacts.enums.ts';

/** An entry of one person's address book: a person of the organization, or somebody without an account. */
export const contacts = pgTable(
  'contacts',
  {
    id: id('id').primaryKey(),
    organizationId: id('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Whose address book it is; nobody else sees the row. */
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Who it is; null for an external entry. */
    contactUserId: id('contact_user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Of an external entry alone. */
    name: text('name'),
    /** Of an external entry alone: a telephone number, an e-mail or a SIP address. */
    address: text('address'),
    nickname: text('nickname'),
    relationship: enumColumn('relationship', RELATIONSHIPS).notNull(),
    favourite: boolean('favourite').notNull().default(false),
    tags: text('tags').array().notNull().default([]),
    notes: text('notes'),
    /** Set while they are blocked. */
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
