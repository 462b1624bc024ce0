import { pgTable } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { utcTimestamp } from '../../kernel/db/index.ts';

/** Organizations that had calls when their included minutes of the month were used up, and since when; a row goes once they have minutes. */
export const usedUpMinutes = pgTable('used_up_minutes', {
  organizationId: tenant().primaryKey(),
  since: utcTimestamp('since').notNull(),
});
