import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { id, utcTimestamp } from '../../kernel/db/index.ts';
import type { UsageDimensions } from '../../kernel/modules/index.ts';

/** Records of usage. Rows are appended, never changed: a correction is a further revision with the difference. */
export const usageEvents = pgTable(
  'usage_events',
  {
    id: id('id').notNull(),
    organizationId: tenant(),
    meter: text('meter').notNull(),
    /** The source of the usage within the meter: one connection of a call, one event of the organization. */
    key: text('key').notNull(),
    /** From 1. The quantity of a key is the sum of its revisions. */
    revision: integer('revision').notNull(),
    /** When the usage began; a later revision has another hour when that was corrected. */
    occurredAt: utcTimestamp('occurred_at').notNull(),
    /** In the meter's base unit; negative when a correction takes something back. */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    /** The version of the fact that was read; an older version writes no revision. */
    version: bigint('version', { mode: 'number' }).notNull(),
    dimensions: jsonb('dimensions').$type<UsageDimensions>().notNull(),
    /** The user who caused the usage; null when no user did, or the user was erased. */
    userId: id('user_id').references(() => users.id, { onDelete: 'set null' }),
    /** The `source` of an event that the organization sent; null for meters of the product. */
    source: text('source'),
    /** The domain event that made the product read the fact; null for events of the organization. */
    cause: text('cause'),
    recordedAt: utcTimestamp('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.meter, t.key, t.revision] }),
    uniqueIndex('usage_events_id_key').on(t.organizationId, t.id),
    uniqueIndex('usage_events_source_key')
      .on(t.organizationId, t.key)
      .where(sql`${t.source} is not null`),
    index('usage_events_time_idx').on(t.organizationId, t.meter, t.occurredAt),
    index('usage_events_user_id_idx').on(t.userId),
  ],
);

/** The sums of usage by hour, computed again from `usage_events` after each change. */
export const usageHours = pgTable(
  'usage_hours',
  {
    organizationId: tenant(),
    meter: text('meter').notNull(),
    /** The start of the hour, UTC. */
    hour: utcTimestamp('hour').notNull(),
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    /** Whether usage was recorded since the sum was computed; then readers sum the rows of the hour. */
    stale: boolean('stale').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.meter, t.hour] }),
    index('usage_hours_stale_idx')
      .on(t.organizationId)
      .where(sql`${t.stale}`),
  ],
);
