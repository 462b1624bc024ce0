import { inArray, type SQL, sql, type SQLWrapper } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
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
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { ROOM_ROLES } from '../../realtime/protocol/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import {
  CALL_STATUSES,
  type CallEvidence,
  type ConnectionEvidence,
  END_REASONS,
  type Fact,
  LEAVE_REASONS,
  PARTICIPANT_STATUSES,
  TRACK_KINDS,
  TRACK_SOURCES,
  type TrackEvidence,
} from '../ledger/index.ts';
import { PARTICIPANT_KINDS } from './calls.enums.ts';

export { PARTICIPANT_KINDS };

const isConnected = (status: SQLWrapper) => sql`${status} = 'connected'`;

/** Calls, each in one room. The LiveKit room of a call has the call's id as name. */
export const calls = pgTable(
  'calls',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    /** The name of its LiveKit cluster. */
    cluster: text('cluster').notNull(),
    /** Continent of the first participant, two letters; null when unknown. */
    region: text('region'),
    /** Seconds that the call may wait for its first participant: a copy of the room's setting. */
    emptyTimeoutSeconds: integer('empty_timeout_seconds').notNull().default(300),
    /** Seconds after its start at which the call ends; null for no limit. A copy of the room's setting. */
    maxDurationSeconds: integer('max_duration_seconds'),
    /** Seconds that one person may be alone in it; null for no limit. A copy of the room's setting. */
    aloneTimeoutSeconds: integer('alone_timeout_seconds'),
    /** That limit counts from this moment at the earliest: when the groups of the room were closed. */
    aloneFrom: utcTimestamp('alone_from'),
    status: enumColumn('status', CALL_STATUSES).notNull().default('waiting'),
    startedAt: utcTimestamp('started_at'),
    started: jsonb('started').$type<Fact>(),
    endedAt: utcTimestamp('ended_at'),
    ended: jsonb('ended').$type<Fact>(),
    /** Null while the call is open. */
    endReason: enumColumn('end_reason', END_REASONS),
    /** Most participants connected at the same time, without observers and agents. */
    peakParticipants: integer('peak_participants').notNull().default(0),
    /** Sum of the durations of the connections that have ended, in milliseconds. */
    participantMs: bigint('participant_ms', { mode: 'number' }).notNull().default(0),
    /** The evidence from which the columns above are derived, together with that of its connections. */
    evidence: jsonb('evidence').$type<CallEvidence>(),
    /** When the cluster's lists last agreed with the ledger. */
    sweptAt: utcTimestamp('swept_at'),
    /** The version whose open parts were all in those lists; null when some were missing. */
    sweptVersion: integer('swept_version'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('calls_open_room_key')
      .on(t.roomId)
      .where(sql`${t.status} in ('waiting', 'active')`),
    index('calls_open_idx')
      .on(t.id)
      .where(sql`${t.status} in ('waiting', 'active')`),
    index('calls_open_organization_idx')
      .on(t.organizationId)
      .where(sql`${t.status} in ('waiting', 'active')`),
    index('calls_organization_id_idx').on(t.organizationId, t.id),
    index('calls_organization_ended_idx').on(t.organizationId, t.endedAt),
    index('calls_ended_at_idx').on(t.endedAt),
    index('calls_room_id_idx').on(t.roomId, t.id),
    enumCheck('calls_status_check', t.status, CALL_STATUSES),
    enumCheck('calls_end_reason_check', t.endReason, END_REASONS),
  ],
);

/** The condition that a call is open; a room has at most one such call. */
export const isOpenCall: SQL = inArray(calls.status, ['waiting', 'active']);

/** One identity in one call. */
export const callParticipants = pgTable(
  'call_participants',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    kind: enumColumn('kind', PARTICIPANT_KINDS).notNull(),
    userId: id('user_id').references(() => users.id, { onDelete: 'set null' }),
    name: text('name').notNull(),
    role: enumColumn('role', ROOM_ROLES).notNull(),
    status: enumColumn('status', PARTICIPANT_STATUSES).notNull().default('waiting'),
    /** When the participant last got a token; null for one that connected without a token of this API. */
    seatSince: utcTimestamp('seat_since'),
    /** Until when an unused token keeps the seat: as long as the cluster takes the token. */
    seatUntil: utcTimestamp('seat_until'),
    /**
     * The credential behind the last token: the session of a user, or the API key of a service or agent. Null for
     * guests, and for a seat from before it was stored.
     */
    credential: text('credential'),
    /** Keyed hash of the network from which a person got a token, different for each call; null when unknown. */
    network: text('network'),
    /** The link by which a guest got their last token; null for others. */
    linkId: id('link_id'),
    /** Start of the first connection. */
    joinedAt: utcTimestamp('joined_at'),
    /** End of the last connection; null while connected. */
    leftAt: utcTimestamp('left_at'),
    /** Sum of the durations of the connections that have ended, in milliseconds. */
    connectedMs: bigint('connected_ms', { mode: 'number' }).notNull().default(0),
    /** Continent when the participant got the last token, two letters; null when unknown. */
    region: text('region'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex('call_participants_identity_key').on(t.callId, t.identity),
    index('call_participants_organization_id_idx').on(t.organizationId),
    index('call_participants_user_id_idx').on(t.userId, t.id),
    index('call_participants_credential_idx').on(t.credential),
    index('call_participants_connected_idx').on(t.identity).where(isConnected(t.status)),
    enumCheck('call_participants_kind_check', t.kind, PARTICIPANT_KINDS),
    enumCheck('call_participants_role_check', t.role, ROOM_ROLES),
    enumCheck('call_participants_status_check', t.status, PARTICIPANT_STATUSES),
  ],
);

/** One connection of a participant to the cluster. */
export const callConnections = pgTable(
  'call_connections',
  {
    organizationId: tenant(),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** LiveKit's participant sid. */
    sid: text('sid').notNull(),
    participantId: id('participant_id')
      .notNull()
      .references(() => callParticipants.id, { onDelete: 'cascade' }),
    /** Display name on this connection. */
    name: text('name').notNull(),
    joined: jsonb('joined').$type<Fact>().notNull(),
    joinedAt: utcTimestamp('joined_at').notNull(),
    left: jsonb('left').$type<Fact>(),
    leftAt: utcTimestamp('left_at'),
    /** Null while open, and when the reason is not known. */
    leaveReason: enumColumn('leave_reason', LEAVE_REASONS),
    /** False for an attempt that was aborted before media was connected. */
    connected: boolean('connected').notNull(),
    evidence: jsonb('evidence').$type<ConnectionEvidence>().notNull(),
    /** The call's version when this row was written. */
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.callId, t.sid] }),
    index('call_connections_open_idx')
      .on(t.callId)
      .where(sql`${t.leftAt} is null`),
    enumCheck('call_connections_leave_reason_check', t.leaveReason, LEAVE_REASONS),
    index('call_connections_participant_id_idx').on(t.participantId),
    index('call_connections_organization_id_idx').on(t.organizationId, t.joinedAt),
    index('call_connections_organization_left_idx').on(t.organizationId, t.leftAt),
  ],
);

/** Tracks that participants published. */
export const callTracks = pgTable(
  'call_tracks',
  {
    organizationId: tenant(),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** LiveKit's track sid. */
    sid: text('sid').notNull(),
    participantId: id('participant_id')
      .notNull()
      .references(() => callParticipants.id, { onDelete: 'cascade' }),
    connectionSid: text('connection_sid').notNull(),
    kind: enumColumn('kind', TRACK_KINDS).notNull(),
    source: enumColumn('source', TRACK_SOURCES).notNull(),
    muted: boolean('muted').notNull().default(false),
    published: jsonb('published').$type<Fact>().notNull(),
    publishedAt: utcTimestamp('published_at').notNull(),
    unpublished: jsonb('unpublished').$type<Fact>(),
    unpublishedAt: utcTimestamp('unpublished_at'),
    evidence: jsonb('evidence').$type<TrackEvidence>().notNull(),
    /** The call's version when this row was written. */
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.callId, t.sid] }),
    index('call_tracks_participant_id_idx').on(t.participantId),
    index('call_tracks_organization_id_idx').on(t.organizationId),
    enumCheck('call_tracks_kind_check', t.kind, TRACK_KINDS),
    enumCheck('call_tracks_source_check', t.source, TRACK_SOURCES),
  ],
);
