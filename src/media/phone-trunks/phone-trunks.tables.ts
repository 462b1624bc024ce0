import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, enumCheck, enumColumn, id, updatedAt, version } from '../../kernel/db/index.ts';
import { TRUNK_TRANSPORTS } from './phone-trunks.enums.ts';

/** Ways of customers to the telephone network. */
export const phoneTrunks = pgTable(
  'phone_trunks',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    enabled: boolean('enabled').notNull(),
    /** Host of the provider, with a port or without one. */
    address: text('address').notNull(),
    transport: enumColumn('transport', TRUNK_TRANSPORTS).notNull(),
    /** Numbers that called people see, E.164; the first is the default. */
    numbers: text('numbers').array().notNull(),
    /** Prefixes of numbers that may be called; none: no number. */
    allowedPrefixes: text('allowed_prefixes').array().notNull(),
    username: text('username'),
    /** Encrypted, bound to this row; null exactly without a user name. */
    sealedPassword: text('sealed_password'),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('phone_trunks_organization_id_idx').on(t.organizationId, t.id),
    index('phone_trunks_created_by_idx').on(t.createdBy),
    enumCheck('phone_trunks_transport_check', t.transport, TRUNK_TRANSPORTS),
  ],
);

export type PhoneTrunk = typeof phoneTrunks.$inferSelect;
