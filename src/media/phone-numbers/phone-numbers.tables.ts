import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { PHONE_NUMBER_REASONS, PHONE_NUMBER_STATES } from './phone-numbers.enums.ts';

/** Numbers of customers that telephones call to come into their rooms. */
export const phoneNumbers = pgTable(
  'phone_numbers',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    /** E.164. */
    number: text('number').notNull(),
    enabled: boolean('enabled').notNull(),
    /** Networks that calls come from, in CIDR notation; none: any. */
    allowedNetworks: text('allowed_networks').array().notNull(),
    /** Prefixes of numbers that callers may be transferred to; none: no transfer. */
    transferPrefixes: text('transfer_prefixes').array().notNull(),
    username: text('username'),
    /** Encrypted, bound to this row; null exactly without a user name. */
    sealedPassword: text('sealed_password'),
    /** The LiveKit cluster that takes its calls. */
    cluster: text('cluster').notNull(),
    /** Its id at that cluster; null while the cluster has none, or is not known to. */
    clusterTrunk: text('cluster_trunk'),
    /** When the cluster was last asked to create it; null once its answer is known. */
    begunAt: utcTimestamp('begun_at'),
    /** Whether the cluster has the settings as they are here. */
    isSent: boolean('is_sent').notNull(),
    state: enumColumn('state', PHONE_NUMBER_STATES).notNull(),
    reason: enumColumn('reason', PHONE_NUMBER_REASONS),
    /** When it came into its state. */
    stateAt: utcTimestamp('state_at').notNull(),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('phone_numbers_number_key').on(t.number),
    index('phone_numbers_organization_id_idx').on(t.organizationId, t.id),
    index('phone_numbers_created_by_idx').on(t.createdBy),
    index('phone_numbers_at_cluster_idx')
      .on(t.cluster, t.id)
      .where(sql`${t.clusterTrunk} is not null`),
    enumCheck('phone_numbers_state_check', t.state, PHONE_NUMBER_STATES),
    enumCheck('phone_numbers_reason_check', t.reason, PHONE_NUMBER_REASONS),
  ],
);

export type PhoneNumber = typeof phoneNumbers.$inferSelect;
