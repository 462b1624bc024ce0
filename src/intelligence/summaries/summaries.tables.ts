import { sql } from 'drizzle-orm';
import { check, date, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import type { SummaryContent } from './claims.rules.ts';
import { SUMMARY_METHODS, SUMMARY_REASONS, SUMMARY_STATES } from './summaries.enums.ts';

export const summaries = pgTable(
  'summaries',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    transcriptionId: id('transcription_id')
      .notNull()
      .references(() => transcriptions.id, { onDelete: 'cascade' }),
    method: enumColumn('method', SUMMARY_METHODS).notNull(),
    state: enumColumn('state', SUMMARY_STATES).notNull(),
    reason: enumColumn('reason', SUMMARY_REASONS),
    /** The generation of the model; null for an extractive summary. */
    generationId: id('generation_id').references(() => aiGenerations.id, { onDelete: 'set null' }),
    /** BCP 47; null if the language of the transcript is also unknown. */
    language: text('language'),
    /** The day on which it was said, on which "tomorrow" depends. */
    heldOn: date('held_on').notNull(),
    /** Null until it is ready. */
    content: jsonb('content').$type<SummaryContent>(),
    /** Statements of the model that were left out, because no passage of the transcript supports them. */
    unsupported: integer('unsupported').notNull().default(0),
    /** The user or API key that asked for it; null once that user is erased. */
    requestedBy: id('requested_by'),
    createdAt: createdAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    index('summaries_organization_id_idx').on(t.organizationId, t.id),
    index('summaries_transcription_id_idx').on(t.transcriptionId, t.id),
    index('summaries_requested_by_idx').on(t.requestedBy),
    index('summaries_generation_id_idx').on(t.generationId),
    index('summaries_running_idx')
      .on(t.createdAt)
      .where(sql`${t.endedAt} is null`),
    enumCheck('summaries_method_check', t.method, SUMMARY_METHODS),
    enumCheck('summaries_state_check', t.state, SUMMARY_STATES),
    enumCheck('summaries_reason_check', t.reason, SUMMARY_REASONS),
    check('summaries_ended_check', sql`(${t.state} = 'running') = (${t.endedAt} is null)`),
    check('summaries_failed_check', sql`(${t.state} = 'failed') = (${t.reason} is not null)`),
    check('summaries_ready_check', sql`(${t.state} = 'ready') = (${t.content} is not null)`),
  ],
);

export type Summary = typeof summaries.$inferSelect;
