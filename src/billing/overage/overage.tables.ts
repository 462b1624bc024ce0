import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, id, utcTimestamp } from '../../kernel/db/index.ts';
import { subscriptions } from '../subscriptions/subscriptions.tables.ts';

/** The subscription that charges for it. */
const ofSubscription = () =>
  id('subscription_id')
    .notNull()
    .references(() => subscriptions.id, { onDelete: 'cascade' });

/**
 * The usage of a meter beyond the plan in a month while a subscription charged for it, counted again until the month is
 * closed.
 */
export const overageMonths = pgTable(
  'overage_months',
  {
    organizationId: tenant(),
    subscriptionId: ofSubscription(),
    meter: text('meter').notNull(),
    /** The start of the calendar month, UTC. */
    month: utcTimestamp('month').notNull(),
    /** Usage beyond the included amount, in the meter's base unit. */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    /** Whole units of it, which are charged. */
    units: bigint('units', { mode: 'number' }).notNull(),
    countedAt: utcTimestamp('counted_at').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'overage_months_pkey',
      columns: [t.organizationId, t.meter, t.month, t.subscriptionId],
    }),
    index('overage_months_subscription_id_idx').on(t.subscriptionId),
    check('overage_months_units_check', sql`${t.units} >= 0`),
  ],
);

/** Reports to the payment provider, each difference once. Rows are added; only their delivery is noted. */
export const overageReports = pgTable(
  'overage_reports',
  {
    organizationId: tenant(),
    meter: text('meter').notNull(),
    /** From 1. */
    revision: integer('revision').notNull(),
    subscriptionId: ofSubscription(),
    /** Whole units in addition to those of all earlier revisions of the subscription. */
    units: bigint('units', { mode: 'number' }).notNull(),
    /** The customer at the provider. */
    customerId: text('customer_id').notNull(),
    createdAt: createdAt(),
    /** Until when one run has the sole right to send it; null while no run does. */
    claimedUntil: utcTimestamp('claimed_until'),
    /** When it was certain that the provider has it; null until then. */
    deliveredAt: utcTimestamp('delivered_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.meter, t.revision] }),
    uniqueIndex('overage_reports_open_of_subscription_key')
      .on(t.subscriptionId, t.meter)
      .where(sql`${t.deliveredAt} is null`),
    index('overage_reports_subscription_id_idx').on(t.subscriptionId),
    check('overage_reports_units_check', sql`${t.units} > 0`),
  ],
);

/** When the overage of a subscription was last counted and reported, or an attempt was made. */
export const overageAttempts = pgTable(
  'overage_attempts',
  {
    organizationId: tenant(),
    subscriptionId: ofSubscription().primaryKey(),
    attemptedAt: utcTimestamp('attempted_at').notNull(),
  },
  (t) => [index('overage_attempts_organization_id_idx').on(t.organizationId)],
);
