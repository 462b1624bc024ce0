import { sql } from 'drizzle-orm';
import { bigint, check, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { updatedAt, utcTimestamp } from '../../kernel/db/index.ts';

/** The most that organizations want to spend beyond their plan in a calendar month; no row without a limit. */
export const spendingLimits = pgTable(
  'spending_limits',
  {
    organizationId: tenant().primaryKey(),
    limitMicros: bigint('limit_micros', { mode: 'bigint' }).notNull(),
    updatedAt: updatedAt(),
    /** When the remainder was last counted. */
    countedAt: utcTimestamp('counted_at').notNull(),
  },
  (t) => [check('spending_limits_limit_check', sql`${t.limitMicros} >= 0`)],
);

/** The alerts about a limit in a month, each once. Rows are added, never changed. */
export const spendingAlerts = pgTable(
  'spending_alerts',
  {
    organizationId: tenant(),
    /** The start of the calendar month, UTC. */
    monthStartsAt: utcTimestamp('month_starts_at').notNull(),
    limitMicros: bigint('limit_micros', { mode: 'bigint' }).notNull(),
    /** 80 or 100. */
    percent: integer('percent').notNull(),
    spentMicros: bigint('spent_micros', { mode: 'bigint' }).notNull(),
    reachedAt: utcTimestamp('reached_at').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'spending_alerts_pkey',
      columns: [t.organizationId, t.monthStartsAt, t.limitMicros, t.percent],
    }),
  ],
);
