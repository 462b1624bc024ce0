import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
} from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp } from '../../kernel/db/index.ts';
import { priceVersions } from '../prices/prices.tables.ts';
import { usageEvents } from '../usage/usage.tables.ts';

/**
 * The costs of each record of usage. Rows are appended, never changed: when usage is priced again, one line takes the
 * former one back and another has the new price, so that sums are always right.
 */
export const costLines = pgTable(
  'cost_lines',
  {
    organizationId: tenant(),
    /** The record of usage. */
    usageId: id('usage_id').notNull(),
    /** The position among the lines of the record, from 1; the last one has the current price. */
    entry: integer('entry').notNull(),
    meter: text('meter').notNull(),
    /** When the usage began, which decides its price. */
    occurredAt: utcTimestamp('occurred_at').notNull(),
    /** The call that it was used in; null for usage outside of calls. */
    callId: text('call_id'),
    /** In the meter's base unit; negative in a line that takes something back. */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    /** Null while no price is known. */
    priceVersionId: id('price_version_id').references(() => priceVersions.id, { onDelete: 'restrict' }),
    /** In millionths of a USD; null while no price is known. */
    amountMicros: bigint('amount_micros', { mode: 'bigint' }),
    /** 1 for a line without a known amount, -1 for one that takes such a line back, 0 for all others. */
    unknown: smallint('unknown').notNull(),
    recordedAt: utcTimestamp('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.usageId, t.entry] }),
    foreignKey({
      name: 'cost_lines_usage_fk',
      columns: [t.organizationId, t.usageId],
      foreignColumns: [usageEvents.organizationId, usageEvents.id],
    }).onDelete('cascade'),
    index('cost_lines_time_idx').on(t.organizationId, t.occurredAt),
    index('cost_lines_call_idx').on(t.organizationId, t.callId),
    index('cost_lines_occurred_at_idx').on(t.occurredAt),
    index('cost_lines_price_version_id_idx').on(t.priceVersionId),
    check(
      'cost_lines_known_check',
      sql`(${t.amountMicros} is null) = (${t.priceVersionId} is null) and (${t.amountMicros} is null) = (${t.unknown} <> 0)`,
    ),
  ],
);

/** The sums of cost lines by day, meter and model, computed again from the lines after each change. */
export const costDays = pgTable(
  'cost_days',
  {
    organizationId: tenant(),
    /** The start of the day, UTC. */
    day: utcTimestamp('day').notNull(),
    meter: text('meter').notNull(),
    /** The model that was used; empty for usage without one. */
    model: text('model').notNull(),
    amountMicros: bigint('amount_micros', { mode: 'bigint' }).notNull(),
    /** The numbers of lines with and without a known amount, except those taken back. */
    known: bigint('known', { mode: 'number' }).notNull(),
    unknown: bigint('unknown', { mode: 'number' }).notNull(),
    /** Whether lines were written since the sums were computed; then readers sum the lines of the day. */
    stale: boolean('stale').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.day, t.meter, t.model] }),
    index('cost_days_day_idx').on(t.day),
    index('cost_days_stale_idx')
      .on(t.organizationId)
      .where(sql`${t.stale}`),
  ],
);

/** Quarters of an hour in which costs of models changed, until `take_cost_changes` takes them. */
export const costChanges = pgTable(
  'cost_changes',
  {
    organizationId: tenant(),
    /** The start of the quarter. */
    quarter: utcTimestamp('quarter').notNull(),
    since: utcTimestamp('since').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.quarter] }),
    index('cost_changes_since_idx').on(t.since),
  ],
);
