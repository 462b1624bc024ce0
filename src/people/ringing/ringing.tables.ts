import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp, version, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { RING_STATUSES, UNHEARD_REASONS } from './ringing.enums.ts';

/** One person rings another. Seen by the two of them; by who was rung only when the caller is not blocked. */
export const rings = pgTable(
  'rings',
  {
    id: id('id').primaryKey(),
    organizationId: id('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    callerId: id('caller_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    calleeId: id('callee_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Where they are to meet. */
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'set null' }),
    /** The room is the pair's own: it was made by a ring that named none. */
    direct: boolean('direct').notNull(),
    message: text('message'),
    status: enumColumn('status', RING_STATUSES).notNull(),
    /** Set when it made no sound. */
    unheard: enumColumn('unheard', UNHEARD_REASONS),
    timeoutSeconds: integer('timeout_seconds').notNull(),
    expiresAt: utcTimestamp('expires_at').notNull(),
    endedAt: utcTimestamp('ended_at'),
    /** The connection that ended it, where it said so. */
    endedBy: text('ended_by'),
    createdAt: createdAt(),
    version: version(),
  },
  (t) => [
    // One ring sounds at a time; those that make no sound are in nobody's way.
    uniqueIndex('rings_sounding_key')
      .on(t.organizationId, t.calleeId)
      .where(sql`${t.status} = 'ringing' and ${t.unheard} is null`),
    index('rings_due_idx')
      .on(t.expiresAt)
      .where(sql`${t.status} = 'ringing'`),
    index('rings_organization_id_idx').on(t.organizationId, t.id),
    index('rings_caller_id_idx').on(t.callerId, t.id),
    index('rings_callee_id_idx').on(t.calleeId, t.id),
    index('rings_room_id_idx').on(t.roomId),
    enumCheck('rings_status_check', t.status, RING_STATUSES),
    enumCheck('rings_unheard_check', t.unheard, UNHEARD_REASONS),
  ],
);
