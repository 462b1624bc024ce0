import { sql } from 'drizzle-orm';
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, id, utcTimestamp, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { CALLER_KINDS } from '../../realtime/protocol/index.ts';
import { ROOM_ROLES, rooms } from '../rooms/rooms.tables.ts';

/** expired: without a decision in time. cancelled: by the person who waited. */
export const LOBBY_STATUSES = ['waiting', 'admitted', 'denied', 'cancelled', 'expired'] as const;

/** A person who asked to be admitted. */
export const lobbyEntries = pgTable(
  'lobby_entries',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    kind: enumColumn('kind', CALLER_KINDS).notNull(),
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    role: enumColumn('role', ROOM_ROLES).notNull(),
    status: enumColumn('status', LOBBY_STATUSES).notNull().default('waiting'),
    /** The call that an admission is for; null before there is one. */
    callId: id('call_id'),
    /** Until when the entry waits; once admitted, until when they can join. */
    expiresAt: utcTimestamp('expires_at').notNull(),
    decidedAt: utcTimestamp('decided_at'),
    decidedBy: text('decided_by'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('lobby_entries_waiting_key')
      .on(t.roomId, t.identity)
      .where(sql`${t.status} = 'waiting'`),
    index('lobby_entries_room_id_idx').on(t.roomId, t.id),
    index('lobby_entries_organization_id_idx').on(t.organizationId),
    index('lobby_entries_user_id_idx').on(t.userId),
    enumCheck('lobby_entries_kind_check', t.kind, CALLER_KINDS),
    enumCheck('lobby_entries_role_check', t.role, ROOM_ROLES),
    enumCheck('lobby_entries_status_check', t.status, LOBBY_STATUSES),
  ],
);
export type LobbyEntry = typeof lobbyEntries.$inferSelect;
