import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp } from '../../kernel/db/index.ts';
import { calls } from '../calls/calls.tables.ts';

/** Organizations that had calls when their included minutes of the month were used up, and since when; a row goes once they have minutes. */
export const usedUpMinutes = pgTable('used_up_minutes', {
  organizationId: tenant().primaryKey(),
  since: utcTimestamp('since').notNull(),
});

/** What of the spending limits of organizations is left for connected time, as it was last counted. */
export const minuteBudgets = pgTable('minute_budgets', {
  organizationId: tenant().primaryKey(),
  /** The start of the calendar month, UTC, for which it counts. */
  monthStartsAt: utcTimestamp('month_starts_at').notNull(),
  /** In milliseconds of connected time at `countedAt`; negative when more was used. */
  leftMs: bigint('left_ms', { mode: 'number' }).notNull(),
  countedAt: utcTimestamp('counted_at').notNull(),
  /** What a whole month has, in milliseconds: the budget of a later month until that is counted. */
  monthMs: bigint('month_ms', { mode: 'number' }).notNull().default(0),
  /** The spending limit that it follows from, in micro-units. With what follows, for the refusal. */
  limitMicros: bigint('limit_micros', { mode: 'number' }).notNull(),
  /** What had been spent of it at `countedAt`. */
  spentMicros: bigint('spent_micros', { mode: 'number' }).notNull().default(0),
  /** Connected time beyond the plan, of which whole minutes are spent. */
  overMs: bigint('over_ms', { mode: 'number' }).notNull().default(0),
  /** Connected time that the plan still includes. */
  includedMs: bigint('included_ms', { mode: 'number' }).notNull().default(0),
  /** The price of a minute beyond the plan. */
  minuteMicros: bigint('minute_micros', { mode: 'number' }).notNull().default(0),
});

/** What reserves time of a call although it has no seat: it may connect at any moment. */
export const minuteReserves = pgTable(
  'minute_reserves',
  {
    organizationId: tenant(),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.callId, t.identity] }),
    index('minute_reserves_organization_id_idx').on(t.organizationId),
  ],
);
