import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
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
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import type { LanguageVoice } from '../speech/index.ts';
import type { LanguageCode } from '../translations/index.ts';
import { CAPTION_END_REASONS, CAPTION_ENGINES } from './captions.enums.ts';

/** Live captions of a call, from the request until their end. */
export const callCaptions = pgTable(
  'call_captions',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** The transcript in which the words are kept; null when they are not kept. */
    transcriptionId: id('transcription_id').references(() => transcriptions.id, { onDelete: 'set null' }),
    /** The identity or API key that asked for them; null once that user is erased. */
    requestedBy: id('requested_by'),
    /** The language that is spoken; null: it is detected for each sentence. */
    language: text('language').$type<LanguageCode>(),
    translateTo: jsonb('translate_to').$type<readonly LanguageCode[]>().notNull(),
    translateBy: enumColumn('translate_by', CAPTION_ENGINES).notNull().default('rules'),
    /** The model that was named for translations; null: as preferences say. */
    translationModel: text('translation_model'),
    /** The member in whose name models are asked and voices speak; null while none is. */
    askerId: id('asker_id'),
    /** The languages in which translations are spoken, with their voices. */
    speakIn: jsonb('speak_in').$type<readonly LanguageVoice<LanguageCode>[]>().notNull().default([]),
    /** Since when translations are spoken; null while they are not. */
    spokenSince: utcTimestamp('spoken_since'),
    endReason: enumColumn('end_reason', CAPTION_END_REASONS),
    endedAt: utcTimestamp('ended_at'),
    /** Sound that was transcribed so far. */
    transcribedMs: integer('transcribed_ms').notNull().default(0),
    /** The last report that was taken: it comes again when its answer was lost. */
    lastReport: text('last_report'),
    reportedAt: utcTimestamp('reported_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('call_captions_running_key')
      .on(t.callId)
      .where(sql`${t.endedAt} is null`),
    index('call_captions_organization_id_idx').on(t.organizationId, t.id),
    index('call_captions_room_id_idx').on(t.roomId),
    index('call_captions_call_id_idx').on(t.callId),
    index('call_captions_requested_by_idx').on(t.requestedBy),
    index('call_captions_asker_id_idx').on(t.askerId),
    index('call_captions_transcription_id_idx').on(t.transcriptionId),
    enumCheck('call_captions_end_reason_check', t.endReason, CAPTION_END_REASONS),
    enumCheck('call_captions_translate_by_check', t.translateBy, CAPTION_ENGINES),
    check('call_captions_spoken_check', sql`(${t.spokenSince} is null) = (${t.speakIn} = '[]'::jsonb)`),
    check('call_captions_ended_check', sql`(${t.endedAt} is null) = (${t.endReason} is null)`),
  ],
);

export type CallCaptions = typeof callCaptions.$inferSelect;
