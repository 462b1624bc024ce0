import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
import type { CompressionFigures, CompressionSettings } from '../compression/index.ts';
import { files } from '../files/files.tables.ts';
import { recordings } from '../recordings/recordings.tables.ts';
import { COMPRESSION_REASONS, COMPRESSION_STATES } from './file-compressions.enums.ts';

/** Compressions that make the bytes of a file or a recording smaller. */
export const fileCompressions = pgTable(
  'file_compressions',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** Its subject: a file, or a recording. */
    fileId: id('file_id').references(() => files.id, { onDelete: 'cascade' }),
    recordingId: id('recording_id').references(() => recordings.id, { onDelete: 'cascade' }),
    state: enumColumn('state', COMPRESSION_STATES).notNull(),
    reason: enumColumn('reason', COMPRESSION_REASONS),
    /** What the service said about it, for people. */
    detail: text('detail'),
    settings: jsonb('settings').$type<CompressionSettings>().notNull(),
    /** In percent. */
    progress: integer('progress').notNull().default(0),
    /** The user or API key that asked for it; null if the setting of the organization started it. */
    requestedBy: id('requested_by'),
    /** Size and type of the bytes that it works on, which are always the uploaded ones. */
    sourceBytes: bigint('source_bytes', { mode: 'number' }).notNull(),
    sourceType: text('source_type').notNull(),
    /** Size of the copy, if it replaced the source. */
    copyBytes: bigint('copy_bytes', { mode: 'number' }),
    copyType: text('copy_type'),
    /** What was measured; null before the service has compared a copy with its source. */
    figures: jsonb('figures').$type<CompressionFigures>(),
    /** How often the service was asked to begin. */
    attempts: integer('attempts').notNull().default(0),
    endedAt: utcTimestamp('ended_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('file_compressions_organization_id_idx').on(t.organizationId, t.id),
    index('file_compressions_file_id_idx').on(t.fileId, t.id),
    uniqueIndex('file_compressions_running_key')
      .on(t.fileId)
      .where(sql`${t.endedAt} is null`),
    index('file_compressions_recording_id_idx').on(t.recordingId, t.id),
    uniqueIndex('file_compressions_running_recording_key')
      .on(t.recordingId)
      .where(sql`${t.endedAt} is null`),
    index('file_compressions_open_idx')
      .on(t.organizationId)
      .where(sql`${t.endedAt} is null`),
    index('file_compressions_ended_idx').on(t.organizationId, t.endedAt),
    check('file_compressions_subject_check', sql`num_nonnulls(${t.fileId}, ${t.recordingId}) = 1`),
    enumCheck('file_compressions_state_check', t.state, COMPRESSION_STATES),
    enumCheck('file_compressions_reason_check', t.reason, COMPRESSION_REASONS),
    check('file_compressions_progress_check', sql`${t.progress} between 0 and 100`),
    check(
      'file_compressions_ended_check',
      sql`(${t.state} not in ('ready', 'kept', 'failed', 'cancelled')) = (${t.endedAt} is null)`,
    ),
    check('file_compressions_copy_check', sql`(${t.state} = 'ready') = (${t.copyBytes} is not null)`),
    check('file_compressions_smaller_check', sql`${t.copyBytes} < ${t.sourceBytes}`),
  ],
);

export type FileCompression = typeof fileCompressions.$inferSelect;
