import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp, updatedAt, version } from '../../kernel/db/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import type { PackedBatch } from './sample-packing.rules.ts';

/** What people say was wrong; `other` says it in the comment. */
export const FEEDBACK_REASONS = [
  'audio_dropouts',
  'audio_distorted',
  'echo',
  'noise',
  'not_heard',
  'could_not_hear',
  'video_frozen',
  'video_blurry',
  'out_of_sync',
  'delay',
  'disconnected',
  'could_not_join',
  'screen_share',
  'captions',
  'other',
] as const;

/** How far a connection's byte counters were when they were last counted. */
export interface CounterMark {
  connection: string;
  /** The batch that was counted last, and when, by the server's clock in milliseconds; older marks have neither. */
  sequence?: number;
  countedAtMs?: number;
  /** By the client's clock, milliseconds since the epoch. */
  atMs: number;
  sentBytes: number;
  receivedBytes: number;
}

const organizationId = () =>
  id('organization_id')
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' });
const callId = () =>
  id('call_id')
    .notNull()
    .references(() => calls.id, { onDelete: 'cascade' });
const participantId = () =>
  id('participant_id')
    .notNull()
    .references(() => callParticipants.id, { onDelete: 'cascade' });
const bytes = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** What one connection of a participant measured, a batch a row; both directions, all tracks. */
export const qualitySamples = pgTable(
  'quality_samples',
  {
    id: id('id').primaryKey(),
    organizationId: organizationId(),
    callId: callId(),
    participantId: participantId(),
    /** The client's name of its connection. */
    connection: text('connection').notNull(),
    /** Counts the connection's batches: the same one twice is kept once. */
    sequence: integer('sequence').notNull(),
    /** By the server's clock: when the first window began and the last ended. */
    startedAt: utcTimestamp('started_at').notNull(),
    endedAt: utcTimestamp('ended_at').notNull(),
    /** How many samples of the batch were of no use. */
    dropped: smallint('dropped').notNull().default(0),
    /** What this batch adds to the call's data. */
    bytesSent: bytes('bytes_sent'),
    bytesReceived: bytes('bytes_received'),
    /** Length of what is packed, in characters: what reading it costs. */
    size: integer('size').notNull(),
    samples: jsonb('samples').$type<PackedBatch>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('quality_samples_batch_key').on(t.participantId, t.connection, t.sequence),
    index('quality_samples_call_id_idx').on(t.callId, t.id),
    index('quality_samples_organization_id_idx').on(t.organizationId, t.id),
    index('quality_samples_created_at_idx').on(t.createdAt),
  ],
);

/** What a participant's batches come to: one row each, so that a call's data is a short sum. */
export const qualityTotals = pgTable(
  'quality_totals',
  {
    participantId: participantId().primaryKey(),
    organizationId: organizationId(),
    callId: callId(),
    batches: integer('batches').notNull(),
    /** Length of all that was packed, in characters. */
    size: bytes('size'),
    bytesSent: bytes('bytes_sent'),
    bytesReceived: bytes('bytes_received'),
    /** The latest connections' counters. */
    marks: jsonb('marks').$type<CounterMark[]>().notNull(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('quality_totals_call_id_idx').on(t.callId),
    index('quality_totals_organization_id_idx').on(t.organizationId),
  ],
);

/** What a participant says of a call. */
export const callFeedback = pgTable(
  'call_feedback',
  {
    participantId: participantId().primaryKey(),
    organizationId: organizationId(),
    callId: callId(),
    /** 1 to 5. */
    rating: smallint('rating').notNull(),
    reasons: text('reasons', { enum: [...FEEDBACK_REASONS] })
      .array()
      .notNull(),
    comment: text('comment'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index('call_feedback_call_id_idx').on(t.callId),
    index('call_feedback_organization_id_idx').on(t.organizationId),
    check('call_feedback_rating_check', sql`${t.rating} between 1 and 5`),
    check(
      'call_feedback_reasons_check',
      sql`${t.reasons} <@ array[${sql.raw(FEEDBACK_REASONS.map((each) => `'${each}'`).join(', '))}]::text[]`,
    ),
  ],
);
