import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp } from '../../kernel/db/index.ts';
import { calls } from '../calls/calls.tables.ts';

/** Organizations that had calls when their included minutes of the month were used up, and since when; a row goes once they have minutes. */
export const usedUpMinutes = pgTable('used_up_minutes', {
  organizationId: tenant().primaryKey(),
  since: utcTimestamp('since').notNull(),
});

/** The parts of organizations' spending limits that are left for connected time, as last counted. */
export const minuteBudgets = pgTable('minute_budgets', {
  organizationId: tenant().primaryKey(),
  /** The start of the calendar month, UTC, for which it counts. */
  monthStartsAt: utcTimestamp('month_starts_at').notNull(),
  /** In milliseconds of connected time at `countedAt`; negative when more was used. */
  leftMs: bigint('left_ms', { mode: 'number' }).notNull(),
  countedAt: utcTimestamp('counted_at').notNull(),
  /** The budget of a whole month, in milliseconds; it is used for a later month until that is counted. */
  monthMs: bigint('month_ms', { mode: 'number' }).notNull().default(0),
  /** The spending limit from which it follows, in micro-units. This and the next fields are for the refusal. */
  limitMicros: bigint('limit_micros', { mode: 'number' }).notNull(),
  /** The amount spent of it at `countedAt`. */
  spentMicros: bigint('spent_micros', { mode: 'number' }).notNull().default(0),
  /** Connected time beyond the plan, of which whole minutes are spent. */
  overMs: bigint('over_ms', { mode: 'number' }).notNull().default(0),
  /** Connected time that the plan still includes. */
  includedMs: bigint('included_ms', { mode: 'number' }).notNull().default(0),
  /** The price of a minute beyond the plan. */
  minuteMicros: bigint('minute_micros', { mode: 'number' }).notNull().default(0),
});

/** Reservations of time in calls without a seat, for identities that may connect at any moment. */
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
