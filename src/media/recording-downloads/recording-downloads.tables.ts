import { index, pgTable } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp } from '../../kernel/db/index.ts';
import { recordings } from '../recordings/recordings.tables.ts';

/** When somebody was last given an address of a recording, to the day; no row for a recording that was never opened. */
export const recordingOpenings = pgTable(
  'recording_openings',
  {
    recordingId: id('recording_id')
      .primaryKey()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    openedAt: utcTimestamp('opened_at').notNull(),
  },
  (t) => [index('recording_openings_organization_id_idx').on(t.organizationId)],
);
