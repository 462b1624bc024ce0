import { index, jsonb, pgTable } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { transcriptions } from '../../intelligence/transcripts/transcripts.tables.ts';
import { id } from '../../kernel/db/index.ts';
import { recordings } from '../recordings/recordings.tables.ts';
import type { Topic } from './playback.rules.ts';

/** The topics of a recording, from a transcript of its call. */
export const recordingTopics = pgTable(
  'recording_topics',
  {
    recordingId: id('recording_id')
      .primaryKey()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    transcriptionId: id('transcription_id')
      .notNull()
      .references(() => transcriptions.id, { onDelete: 'cascade' }),
    topics: jsonb('topics').$type<readonly Topic[]>().notNull(),
  },
  (t) => [
    index('recording_topics_organization_id_idx').on(t.organizationId),
    index('recording_topics_transcription_id_idx').on(t.transcriptionId),
  ],
);

export type RecordingTopics = typeof recordingTopics.$inferSelect;
