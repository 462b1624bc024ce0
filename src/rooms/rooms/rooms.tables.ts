import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import {
  createdAt,
  id,
  utcTimestamp,
  updatedAt,
  version,
  enumColumn,
  enumCheck,
} from '../../kernel/db/index.ts';
import type { OccurrenceChange, Schedule } from '../../kernel/recurrence/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import {
  AUTOMATIC_RECORDINGS,
  PEOPLE_ROLES,
  RECORDING_CONSENTS,
  ROOM_ROLES,
  ROOM_STATUSES,
  ROOM_TYPES,
} from './rooms.enums.ts';
import type { DefaultRoles, RoomFeatures } from './rooms.enums.ts';

export { PEOPLE_ROLES, ROOM_ROLES };

export const rooms = pgTable(
  'rooms',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    type: enumColumn('type', ROOM_TYPES).notNull(),
    status: enumColumn('status', ROOM_STATUSES).notNull().default('open'),
    /** How many people can be in a call at once; agents and observers do not count. */
    capacity: integer('capacity').notNull(),
    features: jsonb('features').$type<RoomFeatures>().notNull(),
    /** People other than hosts and moderators wait until they are admitted. */
    lobby: boolean('lobby').notNull().default(false),
    /** Newcomers other than hosts and moderators are refused. */
    locked: boolean('locked').notNull().default(false),
    /** People other than hosts and moderators wait until a host has been in the call. */
    waitForHost: boolean('wait_for_host').notNull().default(false),
    /** Whether people who are recorded are shown that, or have to agree. */
    recordingConsent: enumColumn('recording_consent', RECORDING_CONSENTS).notNull().default('notice'),
    /** The automatic recording of each call from its beginning. */
    automaticRecording: enumColumn('automatic_recording', AUTOMATIC_RECORDINGS).notNull().default('off'),
    schedule: jsonb('schedule').$type<Schedule>(),
    /** Dates of the schedule that differ from it: cancelled, moved or renamed. */
    scheduleChanges: jsonb('schedule_changes').$type<OccurrenceChange[]>().notNull().default([]),
    maxDurationSeconds: integer('max_duration_seconds'),
    /** How long one person may be alone in a call; null for no limit. */
    aloneTimeoutSeconds: integer('alone_timeout_seconds'),
    emptyTimeoutSeconds: integer('empty_timeout_seconds').notNull(),
    departureTimeoutSeconds: integer('departure_timeout_seconds').notNull(),
    defaultRoles: jsonb('default_roles').$type<DefaultRoles>().notNull(),
    tags: text('tags').array().notNull(),
    metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>().notNull(),
    /** The LiveKit cluster of its calls; null for the one near the first participant. */
    cluster: text('cluster'),
    /** Created by a ring for two people; `rooms/access` says to whom it shows. */
    direct: boolean('direct').notNull().default(false),
    /** The person that the creator of a direct room rang. */
    directFor: id('direct_for').references(() => users.id, { onDelete: 'set null' }),
    /** The room that a breakout room belongs to. */
    parentRoomId: id('parent_room_id').references((): AnyPgColumn => rooms.id, { onDelete: 'cascade' }),
    /** The user or API key that created it and is its host. */
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: utcTimestamp('deleted_at'),
    version: version(),
  },
  (t) => [
    index('rooms_organization_id_idx')
      .on(t.organizationId, t.id)
      .where(sql`${t.deletedAt} is null`),
    index('rooms_organization_all_idx').on(t.organizationId),
    index('rooms_parent_room_id_idx').on(t.parentRoomId),
    index('rooms_direct_for_idx').on(t.directFor),
    enumCheck('rooms_type_check', t.type, ROOM_TYPES),
    enumCheck('rooms_status_check', t.status, ROOM_STATUSES),
    enumCheck('rooms_automatic_recording_check', t.automaticRecording, AUTOMATIC_RECORDINGS),
    enumCheck('rooms_recording_consent_check', t.recordingConsent, RECORDING_CONSENTS),
  ],
);

/** What a room stores about people: roles of their own, the links they came by, removals. */
export const roomPeople = pgTable(
  'room_people',
  {
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Null: the room's default applies. */
    role: enumColumn('role', ROOM_ROLES),
    /** The call for which they have the role, from a link to one call; null: for all calls. */
    roleCallId: id('role_call_id'),
    /** The link they came by, which may take features from them; null without one. */
    linkId: id('link_id'),
    /** Set while they are removed from the room. */
    removedAt: utcTimestamp('removed_at'),
    /** Whether their removal also keeps guests of their network out of the call. */
    excludesNetwork: boolean('excludes_network').notNull().default(false),
    /** The id of the actor who changed the row last. */
    changedBy: text('changed_by').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.roomId, t.identity] }),
    index('room_people_organization_id_idx').on(t.organizationId),
    index('room_people_user_id_idx').on(t.userId),
    enumCheck('room_people_role_check', t.role, ROOM_ROLES),
  ],
);
