import { sql } from 'drizzle-orm';
import { bigint, check, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, utcTimestamp } from '../../kernel/db/index.ts';

/** What an organization used of a meter beyond its plan in a month, counted again until the month is closed. */
export const overageMonths = pgTable(
  'overage_months',
  {
    organizationId: tenant(),
    meter: text('meter').notNull(),
    /** The start of the calendar month, UTC. */
    month: utcTimestamp('month').notNull(),
    /** Beyond what is included, in the meter's base unit. */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    /** Whole units of it: what is charged. */
    units: bigint('units', { mode: 'number' }).notNull(),
    countedAt: utcTimestamp('counted_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.meter, t.month] }),
    check('overage_months_units_check', sql`${t.units} >= 0`),
  ],
);

/** What was reported to the payment provider, each difference once. Rows are added; only their delivery is noted. */
export const overageReports = pgTable(
  'overage_reports',
  {
    organizationId: tenant(),
    meter: text('meter').notNull(),
    /** From 1. */
    revision: integer('revision').notNull(),
    /** Whole units that came to those of all earlier revisions. */
    units: bigint('units', { mode: 'number' }).notNull(),
    /** The customer at the provider. */
    customerId: text('customer_id').notNull(),
    createdAt: createdAt(),
    /** When the provider had it for certain; null until then. */
    deliveredAt: utcTimestamp('delivered_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.meter, t.revision] }),
    uniqueIndex('overage_reports_open_key')
      .on(t.organizationId, t.meter)
      .where(sql`${t.deliveredAt} is null`),
    check('overage_reports_units_check', sql`${t.units} > 0`),
  ],
);
