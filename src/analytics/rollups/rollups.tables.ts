import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { enumCheck, enumColumn, id, utcTimestamp } from '../../kernel/db/index.ts';
import { organizations, tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { callParticipants, calls, PARTICIPANT_KINDS } from '../../calls/calls/calls.tables.ts';
import { CAUSES } from '../../insights/verdicts/index.ts';
import { CALL_TYPES, CONNECTION_TYPES, DEVICE_TYPES, GRAINS, VIDEO_CODECS } from './rollups.enums.ts';
import type { GroupFigures, PackedGroup } from './figures.rules.ts';

const milliseconds = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** A call that has ended, as the figures count it. */
export const analyticsCalls = pgTable(
  'analytics_calls',
  {
    callId: id('call_id')
      .primaryKey()
      .references(() => calls.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    startedAt: utcTimestamp('started_at').notNull(),
    endedAt: utcTimestamp('ended_at').notNull(),
    durationMs: milliseconds('duration_ms'),
    type: enumColumn('type', CALL_TYPES).notNull(),
    region: text('region'),
    /** Whether the media server lost the call. */
    lost: boolean('lost').notNull(),
    /** Whether an agent was connected. */
    withAgent: boolean('with_agent').notNull(),
    peakParticipants: integer('peak_participants').notNull(),
    /** Changes with each measurement. */
    measuredAt: utcTimestamp('measured_at').notNull(),
  },
  (t) => [
    index('analytics_calls_organization_id_idx').on(t.organizationId, t.startedAt),
    enumCheck('analytics_calls_type_check', t.type, CALL_TYPES),
  ],
);

/** A person in a call that has ended: users, guests and services; no agents, no observers. */
export const analyticsParticipations = pgTable(
  'analytics_participations',
  {
    participantId: id('participant_id')
      .primaryKey()
      .references(() => callParticipants.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    callId: id('call_id')
      .notNull()
      .references(() => analyticsCalls.callId, { onDelete: 'cascade' }),
    roomId: id('room_id').notNull(),
    /** Start of the call: all of its figures count at this moment. */
    startedAt: utcTimestamp('started_at').notNull(),
    kind: enumColumn('kind', PARTICIPANT_KINDS).notNull(),
    /** Null without an account. */
    userId: id('user_id').references(() => users.id, { onDelete: 'set null' }),
    region: text('region'),
    connectedMs: milliseconds('connected_ms'),
    bytesSent: milliseconds('bytes_sent'),
    bytesReceived: milliseconds('bytes_received'),
    connection: enumColumn('connection', CONNECTION_TYPES).notNull(),
    cause: enumColumn('cause', CAUSES).notNull(),
    device: enumColumn('device', DEVICE_TYPES).notNull().default('unknown'),
    codec: enumColumn('codec', VIDEO_CODECS).notNull().default('unknown'),
    /** Mean opinion score of the received speech in hundredths, 100 to 450; null when unknown. */
    mos: integer('mos'),
    roundTripMs: integer('round_trip_ms'),
    jitterMs: integer('jitter_ms'),
    /** Lost packets in a million. */
    lossPpm: integer('loss_ppm'),
    bitrateKbps: integer('bitrate_kbps'),
  },
  (t) => [
    index('analytics_participations_organization_id_idx').on(t.organizationId, t.startedAt),
    index('analytics_participations_call_id_idx').on(t.callId),
    index('analytics_participations_user_id_idx').on(t.userId),
    enumCheck('analytics_participations_kind_check', t.kind, PARTICIPANT_KINDS),
    enumCheck('analytics_participations_connection_check', t.connection, CONNECTION_TYPES),
    enumCheck('analytics_participations_cause_check', t.cause, CAUSES),
    enumCheck('analytics_participations_device_check', t.device, DEVICE_TYPES),
    enumCheck('analytics_participations_codec_check', t.codec, VIDEO_CODECS),
  ],
);

/** Moments whose rollups have to be computed again. */
export const analyticsDirty = pgTable(
  'analytics_dirty',
  {
    organizationId: tenant(),
    moment: utcTimestamp('moment').notNull(),
    since: utcTimestamp('since').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.moment] }),
    index('analytics_dirty_since_idx').on(t.since),
  ],
);

/** The time zone of the rollups that are shown, and that of those being built after it was changed. */
export const analyticsZones = pgTable(
  'analytics_zones',
  {
    organizationId: id('organization_id')
      .primaryKey()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    timeZone: text('time_zone').notNull(),
    nextTimeZone: text('next_time_zone'),
    /** Calls that started before this have their rollups in the next time zone already. */
    builtUntil: utcTimestamp('built_until'),
  },
  (t) => [
    index('analytics_zones_next_idx')
      .on(t.organizationId)
      .where(sql`${t.nextTimeZone} is not null`),
  ],
);

const figures = (name: string) => jsonb(name).$type<Record<string, GroupFigures>>().notNull();
const histogram = (name: string) => text(name).notNull().default('');
const list = {
  ids: (name: string) => text(name).array().notNull().default([]),
  milliseconds: (name: string) => bigint(name, { mode: 'number' }).array().notNull().default([]),
  counts: (name: string) => integer(name).array().notNull().default([]),
};
/**
 * The sums of all calls that started in an hour, day, third of a month or month of the time zone; no row without a
 * call.
 */
export const analyticsBuckets = pgTable(
  'analytics_buckets',
  {
    organizationId: tenant(),
    timeZone: text('time_zone').notNull(),
    grain: enumColumn('grain', GRAINS).notNull(),
    startsAt: utcTimestamp('starts_at').notNull(),
    endsAt: utcTimestamp('ends_at').notNull(),
    /** Not read since a bucket's place is computed. */
    parentStartsAt: utcTimestamp('parent_starts_at').notNull(),
    parentEndsAt: utcTimestamp('parent_ends_at').notNull(),
    calls: integer('calls').notNull(),
    lostCalls: integer('lost_calls').notNull(),
    agentCalls: integer('agent_calls').notNull(),
    durationMs: milliseconds('duration_ms'),
    participations: integer('participations').notNull(),
    guests: integer('guests').notNull(),
    connectedMs: milliseconds('connected_ms'),
    bytesSent: milliseconds('bytes_sent'),
    bytesReceived: milliseconds('bytes_received'),
    callTypes: jsonb('call_types').$type<Record<string, PackedGroup>>().notNull(),
    byConnection: figures('by_connection'),
    byRegion: figures('by_region'),
    byCause: figures('by_cause'),
    byDevice: figures('by_device').default({}),
    byCodec: figures('by_codec').default({}),
    roundTrips: histogram('round_trip_histogram'),
    jitters: histogram('jitter_histogram'),
    losses: histogram('loss_histogram'),
    scores: histogram('score_histogram'),
    /** Sketch of the distinct users. */
    people: text('people').notNull(),
    /** The users with the longest connected time, the first one first. */
    topUserIds: list.ids('top_user_ids'),
    topUserMs: list.milliseconds('top_user_ms'),
    topUserCalls: list.counts('top_user_calls'),
    /** The time of each that cut lists of days may hide; empty for hours and days, whose times are exact. */
    topUserMissingMs: list.milliseconds('top_user_missing_ms'),
    /** No user outside of the list has a longer time than this. */
    topUsersFloor: milliseconds('top_users_floor'),
    topRoomIds: list.ids('top_room_ids'),
    topRoomMs: list.milliseconds('top_room_ms'),
    topRoomCalls: list.counts('top_room_calls'),
    topRoomMissingMs: list.milliseconds('top_room_missing_ms'),
    topRoomsFloor: milliseconds('top_rooms_floor'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.timeZone, t.grain, t.startsAt] }),
    enumCheck('analytics_buckets_grain_check', t.grain, GRAINS),
  ],
);
