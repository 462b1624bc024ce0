import { bigint, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { updatedAt, utcTimestamp } from '../../kernel/db/index.ts';
import type { OwnThreshold } from './alerts.schemas.ts';

/** The thresholds that an organization set, replaced as a whole. */
export const usageThresholds = pgTable('usage_thresholds', {
  organizationId: tenant().primaryKey(),
  thresholds: jsonb('thresholds').$type<OwnThreshold[]>().notNull(),
  updatedAt: updatedAt(),
});

/** Each threshold that was reached, once in a month. Rows are added, never changed. */
export const usageAlerts = pgTable(
  'usage_alerts',
  {
    organizationId: tenant(),
    /** The start of the calendar month, UTC. */
    periodStartsAt: utcTimestamp('period_starts_at').notNull(),
    meter: text('meter').notNull(),
    /** The threshold in the meter's base unit. */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    /** The threshold as a percentage of the included amount; null for a quantity that the organization set. */
    percent: integer('percent'),
    /** The usage when it was noticed. */
    usedQuantity: bigint('used_quantity', { mode: 'number' }).notNull(),
    reachedAt: utcTimestamp('reached_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.periodStartsAt, t.meter, t.quantity] })],
);
