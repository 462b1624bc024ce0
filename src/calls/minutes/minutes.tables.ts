import { pgTable } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { utcTimestamp } from '../../kernel/db/index.ts';

/** Organizations with calls whose included minutes of the month are used up, and since when; a row goes as soon as they are not. */
export const usedUpMinutes = pgTable('used_up_minutes', {
  organizationId: tenant().primaryKey(),
  since: utcTimestamp('since').notNull(),
});
