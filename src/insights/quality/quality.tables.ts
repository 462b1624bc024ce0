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
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import type { NetworkMark } from '../network-changes/index.ts';
import { FEEDBACK_REASONS } from './quality.enums.ts';
import type { PackedBatch } from './sample-packing.rules.ts';

/** A connection's byte counters when they were last counted. */
export interface CounterMark {
  connection: string;
  /** Number of the batch that was counted last, and the server's time in milliseconds; absent in older marks. */
  sequence?: number;
  countedAtMs?: number;
  /** By the client's clock, milliseconds since the epoch. */
  atMs: number;
  sentBytes: number;
  receivedBytes: number;
}

const callId = () =>
  id('call_id')
    .notNull()
    .references(() => calls.id, { onDelete: 'cascade' });
const participantId = () =>
  id('participant_id')
    .notNull()
    .references(() => callParticipants.id, { onDelete: 'cascade' });
const bytes = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** Batches of samples that a participant's connection reported. */
export const qualitySamples = pgTable(
  'quality_samples',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    callId: callId(),
    participantId: participantId(),
    /** The name that the client gave the connection. */
    connection: text('connection').notNull(),
    /** Number of the batch on its connection; a repeated one is stored once. */
    sequence: integer('sequence').notNull(),
    /** Start of the first window and end of the last, by the server's clock. */
    startedAt: utcTimestamp('started_at').notNull(),
    endedAt: utcTimestamp('ended_at').notNull(),
    /** How many samples of the batch were not usable. */
    dropped: smallint('dropped').notNull().default(0),
    /** Bytes that this batch adds to the participant's totals. */
    bytesSent: bytes('bytes_sent'),
    bytesReceived: bytes('bytes_received'),
    /** Length of the packed samples in characters: the cost of reading them. */
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

/** The totals of a participant's batches, so that a call's bytes are a sum over its participants. */
export const qualityTotals = pgTable(
  'quality_totals',
  {
    participantId: participantId().primaryKey(),
    organizationId: tenant(),
    callId: callId(),
    batches: integer('batches').notNull(),
    /** Length of all packed samples, in characters. */
    size: bytes('size'),
    bytesSent: bytes('bytes_sent'),
    bytesReceived: bytes('bytes_received'),
    /** Counters of the latest connections. */
    marks: jsonb('marks').$type<CounterMark[]>().notNull(),
    /** Null before the first batch that says something about the network. */
    network: jsonb('network').$type<NetworkMark>(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('quality_totals_call_id_idx').on(t.callId),
    index('quality_totals_organization_id_idx').on(t.organizationId),
  ],
);

/** A participant's feedback on a call. */
export const callFeedback = pgTable(
  'call_feedback',
  {
    participantId: participantId().primaryKey(),
    organizationId: tenant(),
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
