import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import {
  createdAt,
  id,
  utcTimestamp,
  updatedAt,
  version,
  enumColumn,
  enumCheck,
} from '../../kernel/db/index.ts';
import { calls } from '../../calls/calls/calls.tables.ts';
import { PEOPLE_ROLES, rooms } from '../rooms/rooms.tables.ts';

export const LINK_TYPES = ['room', 'call', 'agent'] as const;
/** public: for anybody who has the link. password: for those who also know the password. restricted: for members. */
export const LINK_ACCESS = ['public', 'password', 'restricted'] as const;

export const links = pgTable(
  'links',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    /** Set for a link to one call. */
    callId: id('call_id').references(() => calls.id, { onDelete: 'cascade' }),
    type: enumColumn('type', LINK_TYPES).notNull(),
    code: text('code').notNull(),
    title: text('title'),
    description: text('description'),
    access: enumColumn('access', LINK_ACCESS).notNull(),
    passwordHash: text('password_hash'),
    maxUses: integer('max_uses'),
    uses: integer('uses').notNull().default(0),
    clicks: integer('clicks').notNull().default(0),
    uniqueVisitors: integer('unique_visitors').notNull().default(0),
    /** Features of the room that people who join through the link can use. */
    enableRecording: boolean('enable_recording').notNull(),
    enableScreenShare: boolean('enable_screen_share').notNull(),
    enableChat: boolean('enable_chat').notNull(),
    /** Whether the join page joins without waiting for a click. */
    autoJoin: boolean('auto_join').notNull(),
    requireApproval: boolean('require_approval').notNull(),
    defaultRole: enumColumn('default_role', PEOPLE_ROLES).notNull(),
    isActive: boolean('is_active').notNull().default(true),
    metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>().notNull(),
    expiresAt: utcTimestamp('expires_at'),
    lastUsedAt: utcTimestamp('last_used_at'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: utcTimestamp('deleted_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('links_code_key').on(t.code),
    index('links_organization_id_idx')
      .on(t.organizationId, t.id)
      .where(sql`${t.deletedAt} is null`),
    index('links_organization_all_idx').on(t.organizationId),
    index('links_room_id_idx').on(t.roomId),
    index('links_call_id_idx').on(t.callId),
    enumCheck('links_type_check', t.type, LINK_TYPES),
    enumCheck('links_access_check', t.access, LINK_ACCESS),
    enumCheck('links_default_role_check', t.defaultRole, PEOPLE_ROLES),
  ],
);

/** Networks from which a link was followed, as keyed hashes: they are counted, not identified. */
export const linkVisitors = pgTable(
  'link_visitors',
  {
    organizationId: tenant(),
    linkId: id('link_id')
      .notNull()
      .references(() => links.id, { onDelete: 'cascade' }),
    visitorHash: text('visitor_hash').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.linkId, t.visitorHash] }),
    index('link_visitors_organization_id_idx').on(t.organizationId),
  ],
);
