import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { calls } from '../../calls/calls/calls.tables.ts';
import { files } from '../../media/files/files.tables.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import type { SpokenWord } from '../providers/index.ts';
import { TRANSCRIPTION_REASONS, TRANSCRIPTION_STATES } from './transcripts.enums.ts';

export const transcriptions = pgTable(
  'transcriptions',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** Its subject: a file, a recording, or a call with captions. */
    fileId: id('file_id').references(() => files.id, { onDelete: 'cascade' }),
    recordingId: id('recording_id').references(() => recordings.id, { onDelete: 'cascade' }),
    callId: id('call_id').references(() => calls.id, { onDelete: 'cascade' }),
    state: enumColumn('state', TRANSCRIPTION_STATES).notNull(),
    reason: enumColumn('reason', TRANSCRIPTION_REASONS),
    /** BCP 47, as requested; null: the provider detects it. */
    requestedLanguage: text('requested_language'),
    /** BCP 47, as the provider detected it in the first piece with speech. */
    language: text('language'),
    /** In thousandths. */
    languageConfidence: integer('language_confidence'),
    model: text('model').notNull(),
    /** The user or API key that asked for it; null once that user is erased. */
    requestedBy: id('requested_by'),
    /** Null until its sound is divided into pieces. */
    pieceCount: integer('piece_count'),
    piecesDone: integer('pieces_done').notNull().default(0),
    durationMs: integer('duration_ms'),
    /** Sound that was sent to the provider so far, without silence. */
    transcribedMs: integer('transcribed_ms').notNull().default(0),
    endedAt: utcTimestamp('ended_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('transcriptions_organization_id_idx').on(t.organizationId, t.id),
    index('transcriptions_file_id_idx').on(t.fileId, t.id),
    index('transcriptions_recording_id_idx').on(t.recordingId, t.id),
    index('transcriptions_call_id_idx').on(t.callId, t.id),
    index('transcriptions_requested_by_idx').on(t.requestedBy),
    index('transcriptions_open_idx')
      .on(t.updatedAt)
      .where(sql`${t.endedAt} is null`),
    check('transcriptions_subject_check', sql`num_nonnulls(${t.fileId}, ${t.recordingId}, ${t.callId}) = 1`),
    enumCheck('transcriptions_state_check', t.state, TRANSCRIPTION_STATES),
    enumCheck('transcriptions_reason_check', t.reason, TRANSCRIPTION_REASONS),
    check(
      'transcriptions_ended_check',
      sql`(${t.state} not in ('ready', 'failed')) = (${t.endedAt} is null)`,
    ),
    check('transcriptions_failed_check', sql`(${t.state} = 'failed') = (${t.reason} is not null)`),
  ],
);

export const transcriptSegments = pgTable(
  'transcript_segments',
  {
    transcriptionId: id('transcription_id')
      .notNull()
      .references(() => transcriptions.id, { onDelete: 'cascade' }),
    /** From 0, in the order of time, with gaps: each piece of the sound has its own range. */
    position: integer('position').notNull(),
    organizationId: tenant(),
    startMs: integer('start_ms').notNull(),
    endMs: integer('end_ms').notNull(),
    /** The identity; null when it is unknown, and for an erased user. */
    speaker: text('speaker'),
    language: text('language'),
    isGap: boolean('is_gap').notNull().default(false),
    /** The present text, as corrected. */
    text: text('text').notNull(),
    /** In thousandths. */
    confidence: integer('confidence'),
    /** As the provider recognized them; corrections do not change them. */
    words: jsonb('words').$type<readonly SpokenWord[]>().notNull(),
    correctedBy: id('corrected_by'),
    correctedAt: utcTimestamp('corrected_at'),
    version: version(),
  },
  (t) => [
    primaryKey({ columns: [t.transcriptionId, t.position] }),
    index('transcript_segments_organization_id_idx').on(t.organizationId, t.transcriptionId),
    index('transcript_segments_speaker_idx')
      .on(t.speaker)
      .where(sql`${t.speaker} is not null`),
    index('transcript_segments_corrected_by_idx')
      .on(t.correctedBy)
      .where(sql`${t.correctedBy} is not null`),
    index('transcript_segments_text_idx').using('gin', sql`to_tsvector('simple', ${t.text})`),
    check('transcript_segments_time_check', sql`0 <= ${t.startMs} and ${t.startMs} <= ${t.endMs}`),
  ],
);

/** The texts of segments before each correction. */
export const transcriptCorrections = pgTable(
  'transcript_corrections',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    transcriptionId: id('transcription_id').notNull(),
    position: integer('position').notNull(),
    previousText: text('previous_text').notNull(),
    text: text('text').notNull(),
    /** Null once that user is erased. */
    correctedBy: id('corrected_by'),
    createdAt: createdAt(),
  },
  (t) => [
    index('transcript_corrections_segment_idx').on(t.transcriptionId, t.position),
    index('transcript_corrections_transcription_idx').on(t.transcriptionId, t.id),
    index('transcript_corrections_corrected_by_idx').on(t.correctedBy),
    index('transcript_corrections_organization_id_idx').on(t.organizationId, t.id),
    foreignKey({
      name: 'transcript_corrections_segment_fk',
      columns: [t.transcriptionId, t.position],
      foreignColumns: [transcriptSegments.transcriptionId, transcriptSegments.position],
    }).onDelete('cascade'),
  ],
);

export type Transcription = typeof transcriptions.$inferSelect;
export type Segment = typeof transcriptSegments.$inferSelect;
export type Correction = typeof transcriptCorrections.$inferSelect;
