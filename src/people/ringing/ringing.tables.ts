import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp, version, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { RING_STATUSES, UNHEARD_REASONS } from './ringing.enums.ts';

/** A ring from one user to another, visible to both; hidden from a callee who has blocked the caller. */
export const rings = pgTable(
  'rings',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    callerId: id('caller_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    calleeId: id('callee_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The room to meet in; null after the room was deleted. */
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'set null' }),
    /** Whether the room is the pair's direct room. */
    direct: boolean('direct').notNull(),
    message: text('message'),
    status: enumColumn('status', RING_STATUSES).notNull(),
    /** Why the ring is silent; null when it sounds. */
    unheard: enumColumn('unheard', UNHEARD_REASONS),
    timeoutSeconds: integer('timeout_seconds').notNull(),
    expiresAt: utcTimestamp('expires_at').notNull(),
    endedAt: utcTimestamp('ended_at'),
    /** The inbox connection that ended it, where known. */
    endedBy: text('ended_by'),
    createdAt: createdAt(),
    version: version(),
  },
  (t) => [
    // One ring sounds at a time for each callee; silent rings do not count.
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
