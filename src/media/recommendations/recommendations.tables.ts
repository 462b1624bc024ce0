import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { COMPRESSION_MODES, NETWORK_QUALITIES, type SendSettings } from '../network/index.ts';
import { FOLLOW_OUTCOMES } from './recommendations.enums.ts';

/** What a participant of a call was recommended so far, and the level that they are on. */
export const sendSessions = pgTable(
  'send_sessions',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    participantId: id('participant_id')
      .notNull()
      .references(() => callParticipants.id, { onDelete: 'cascade' }),
    mode: enumColumn('mode', COMPRESSION_MODES).notNull(),
    level: smallint('level').notNull(),
    levelChangedAt: utcTimestamp('level_changed_at').notNull(),
    holdSeconds: smallint('hold_seconds').notNull(),
    rose: boolean('rose').notNull(),
    /** The connection whose client got the last recommendation. */
    connection: text('connection').notNull(),
    lastRecommendationId: id('last_recommendation_id').notNull(),
    recommendedAt: utcTimestamp('recommended_at').notNull(),
    recommendations: integer('recommendations').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('send_sessions_participant_id_key').on(t.participantId),
    index('send_sessions_call_id_idx').on(t.callId),
    index('send_sessions_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('send_sessions_mode_check', t.mode, COMPRESSION_MODES),
  ],
);
export type SendSession = typeof sendSessions.$inferSelect;

/** Each recommendation with the network that it was made for, and what the client did with it. */
export const sendRecommendations = pgTable(
  'send_recommendations',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    sessionId: id('session_id')
      .notNull()
      .references(() => sendSessions.id, { onDelete: 'cascade' }),
    mode: enumColumn('mode', COMPRESSION_MODES).notNull(),
    level: smallint('level').notNull(),
    /** Sound and video together, in bits per second. */
    maxSendBps: integer('max_send_bps').notNull(),
    /** What the participant sent in the last window before it; null when no track said it. */
    sentBps: bigint('sent_bps', { mode: 'number' }),
    quality: enumColumn('quality', NETWORK_QUALITIES),
    availableBps: bigint('available_bps', { mode: 'number' }),
    forecastBps: bigint('forecast_bps', { mode: 'number' }),
    /** Null when it was not measured, as the share of lost packets, in parts of a million. */
    roundTripMs: integer('round_trip_ms'),
    lossPpm: integer('loss_ppm'),
    settings: jsonb('settings').$type<SendSettings>().notNull(),
    outcome: enumColumn('outcome', FOLLOW_OUTCOMES),
    /** What the client did not follow. */
    skipped: jsonb('skipped').$type<string[]>(),
    followedAt: utcTimestamp('followed_at'),
    createdAt: createdAt(),
  },
  (t) => [
    index('send_recommendations_session_id_idx').on(t.sessionId, t.id),
    index('send_recommendations_organization_id_idx').on(t.organizationId, t.id),
    index('send_recommendations_made_idx').on(t.organizationId, t.createdAt),
    index('send_recommendations_created_at_idx').on(t.createdAt),
    enumCheck('send_recommendations_mode_check', t.mode, COMPRESSION_MODES),
    enumCheck('send_recommendations_quality_check', t.quality, NETWORK_QUALITIES),
    enumCheck('send_recommendations_outcome_check', t.outcome, FOLLOW_OUTCOMES),
  ],
);
export type SendRecommendationRow = typeof sendRecommendations.$inferSelect;
