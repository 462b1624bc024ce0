import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { CALLER_KINDS } from '../../realtime/protocol/index.ts';
import { links } from '../links/links.tables.ts';
import { ROOM_ROLES, rooms } from '../rooms/rooms.tables.ts';

/** A person who was moved to a room and can enter it until the move expires. */
export const roomMoves = pgTable(
  'room_moves',
  {
    organizationId: tenant(),
    /** The destination. */
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    fromRoomId: id('from_room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    kind: enumColumn('kind', CALLER_KINDS).notNull(),
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The link of a guest, whose switches still apply. */
    linkId: id('link_id').references(() => links.id, { onDelete: 'set null' }),
    /** Their credential in the former room: a session or an API key; null when it is not known. */
    credential: text('credential'),
    name: text('name').notNull(),
    /** In the destination. */
    role: enumColumn('role', ROOM_ROLES).notNull(),
    /** The id of the actor who moved them. */
    movedBy: text('moved_by').notNull(),
    movedAt: utcTimestamp('moved_at').notNull(),
    expiresAt: utcTimestamp('expires_at').notNull(),
    /** When they entered; null before. */
    enteredAt: utcTimestamp('entered_at'),
  },
  (t) => [
    primaryKey({ columns: [t.roomId, t.identity] }),
    index('room_moves_organization_id_idx').on(t.organizationId),
    index('room_moves_from_room_id_idx').on(t.fromRoomId),
    index('room_moves_user_id_idx').on(t.userId),
    index('room_moves_link_id_idx').on(t.linkId),
    index('room_moves_expires_at_idx').on(t.expiresAt),
    enumCheck('room_moves_kind_check', t.kind, CALLER_KINDS),
    enumCheck('room_moves_role_check', t.role, ROOM_ROLES),
  ],
);
