import { boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, utcTimestamp, updatedAt, version, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { PRESENCE_STATUSES } from '../inbox/index.ts';
import { VISIBILITIES } from './presence.enums.ts';

/** A user's chosen status in an organization, with the settings for its visibility and for rings. */
export const presences = pgTable(
  'presences',
  {
    organizationId: tenant(),
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    status: enumColumn('status', PRESENCE_STATUSES).notNull().default('online'),
    message: text('message'),
    /** When status and message are reset; null for never. */
    expiresAt: utcTimestamp('expires_at'),
    visibility: enumColumn('visibility', VISIBILITIES).notNull().default('everyone'),
    /** Rings of users who are not in the address book are silent. */
    screenUnknown: boolean('screen_unknown').notNull().default(false),
    /** Favourites ring also while the status is `dnd`. */
    favouritesRing: boolean('favourites_ring').notNull().default(true),
    updatedAt: updatedAt(),
    /** Version of the settings; a change of the status does not raise it. */
    version: version(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.userId] }),
    index('presences_user_id_idx').on(t.userId),
    enumCheck('presences_status_check', t.status, PRESENCE_STATUSES),
    enumCheck('presences_visibility_check', t.visibility, VISIBILITIES),
  ],
);
