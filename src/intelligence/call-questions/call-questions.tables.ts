import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import { QUESTION_REASONS, QUESTION_STATES } from './call-questions.enums.ts';
import type { AnswerStatement } from './answer.rules.ts';
import type { Places } from './places.rules.ts';

export const callQuestions = pgTable(
  'call_questions',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** The transcript that is cited; null when only the chat is. */
    transcriptionId: id('transcription_id').references(() => transcriptions.id, { onDelete: 'cascade' }),
    /** The only person who sees it. */
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    question: text('question').notNull(),
    /** Whether the answer is posted into the chat. */
    post: boolean('post').notNull(),
    state: enumColumn('state', QUESTION_STATES).notNull(),
    reason: enumColumn('reason', QUESTION_REASONS),
    generationId: id('generation_id').references(() => aiGenerations.id, { onDelete: 'set null' }),
    /**
     * The moment from which the asker was allowed to know what was said; null for questions from before this was
     * stored.
     */
    askedFrom: utcTimestamp('asked_from'),
    /** Where the lines are that the model was given, without their words; empty once it is answered. */
    lines: jsonb('lines').$type<readonly Places[]>().notNull(),
    statements: jsonb('statements').$type<readonly AnswerStatement[]>().notNull(),
    createdAt: createdAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    index('call_questions_organization_id_idx').on(t.organizationId),
    index('call_questions_call_id_idx').on(t.callId, t.userId, t.id),
    index('call_questions_room_id_idx').on(t.roomId),
    index('call_questions_user_id_idx').on(t.userId),
    index('call_questions_transcription_id_idx').on(t.transcriptionId),
    index('call_questions_generation_id_idx').on(t.generationId),
    index('call_questions_running_idx')
      .on(t.createdAt)
      .where(sql`${t.endedAt} is null`),
    enumCheck('call_questions_state_check', t.state, QUESTION_STATES),
    enumCheck('call_questions_reason_check', t.reason, QUESTION_REASONS),
    check('call_questions_ended_check', sql`(${t.state} = 'running') = (${t.endedAt} is null)`),
  ],
);

export type CallQuestion = typeof callQuestions.$inferSelect;
/** As lists and the API show a question. */
export type ShownQuestion = Omit<CallQuestion, 'lines'>;
