import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { utcTimestamp } from '../../kernel/db/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';

/** Usage of meters for which plans include an amount, added up in the commits that use them. */
export const includedUses = pgTable(
  'included_uses',
  {
    organizationId: tenant(),
    meter: text('meter').notNull(),
    /** The start of the calendar month, UTC. */
    month: utcTimestamp('month').notNull(),
    /** In the base unit of the meter. */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.meter, t.month] })],
);

/**
 * The most that something may use while it runs. There is no hold where usage beyond the included amount is charged.
 */
export const includedHolds = pgTable(
  'included_holds',
  {
    organizationId: tenant(),
    meter: text('meter').notNull(),
    /** What runs. */
    holder: text('holder').notNull(),
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    /** When it ceases to count, even if the thing that runs was lost. */
    endsAt: utcTimestamp('ends_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.meter, t.holder] }),
    index('included_holds_holder_idx').on(t.organizationId, t.holder),
    index('included_holds_ends_at_idx').on(t.endsAt),
  ],
);
