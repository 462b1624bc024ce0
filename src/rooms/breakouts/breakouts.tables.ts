import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp, updatedAt, version, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { CALLER_KINDS } from '../../realtime/protocol/index.ts';
import { links } from '../links/links.tables.ts';
import { ROOM_ROLES, rooms } from '../rooms/rooms.tables.ts';

export const ASSIGNMENTS = ['manual', 'automatic', 'self_chosen'] as const;
export const BREAKOUT_STATUSES = ['open', 'closed'] as const;

const breakoutId = () =>
  id('breakout_id')
    .notNull()
    .references(() => breakouts.id, { onDelete: 'cascade' });
const roomId = () =>
  id('room_id')
    .notNull()
    .references(() => rooms.id, { onDelete: 'cascade' });

/** Sessions: each is one time that a room is divided into groups. */
export const breakouts = pgTable(
  'breakouts',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** The room that is divided. */
    roomId: roomId(),
    assignment: enumColumn('assignment', ASSIGNMENTS).notNull(),
    status: enumColumn('status', BREAKOUT_STATUSES).notNull().default('open'),
    /** When everybody is sent back; null for a session that a moderator closes. */
    closesAt: utcTimestamp('closes_at'),
    openedBy: text('opened_by').notNull(),
    openedAt: utcTimestamp('opened_at').notNull(),
    closedAt: utcTimestamp('closed_at'),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('breakouts_open_room_key')
      .on(t.roomId)
      .where(sql`${t.status} = 'open'`),
    index('breakouts_due_idx')
      .on(t.closesAt)
      .where(sql`${t.status} = 'open'`),
    index('breakouts_room_id_idx').on(t.roomId, t.id),
    index('breakouts_organization_id_idx').on(t.organizationId),
    enumCheck('breakouts_assignment_check', t.assignment, ASSIGNMENTS),
    enumCheck('breakouts_status_check', t.status, BREAKOUT_STATUSES),
  ],
);

/** The groups, each a room of its own. */
export const breakoutRooms = pgTable(
  'breakout_rooms',
  {
    organizationId: tenant(),
    breakoutId: breakoutId(),
    roomId: roomId(),
    position: integer('position').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.breakoutId, t.roomId] }),
    index('breakout_rooms_room_id_idx').on(t.roomId),
    index('breakout_rooms_organization_id_idx').on(t.organizationId),
  ],
);

/** The people of the groups, as they were in the room that was divided. */
export const breakoutPeople = pgTable(
  'breakout_people',
  {
    organizationId: tenant(),
    breakoutId: breakoutId(),
    identity: text('identity').notNull(),
    /** The room of their group. */
    roomId: roomId(),
    kind: enumColumn('kind', CALLER_KINDS).notNull(),
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    linkId: id('link_id').references(() => links.id, { onDelete: 'set null' }),
    name: text('name').notNull(),
    role: enumColumn('role', ROOM_ROLES).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.breakoutId, t.identity] }),
    index('breakout_people_room_id_idx').on(t.roomId),
    index('breakout_people_user_id_idx').on(t.userId),
    index('breakout_people_link_id_idx').on(t.linkId),
    index('breakout_people_organization_id_idx').on(t.organizationId),
    enumCheck('breakout_people_kind_check', t.kind, CALLER_KINDS),
    enumCheck('breakout_people_role_check', t.role, ROOM_ROLES),
  ],
);
