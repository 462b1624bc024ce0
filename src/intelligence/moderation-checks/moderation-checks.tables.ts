import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import type { CheckedLine } from './answer.rules.ts';
import { CHECK_REASONS, CHECK_STATES } from './moderation-checks.enums.ts';

/** Questions to a model about messages and captions, without their words. */
export const moderationChecks = pgTable(
  'moderation_checks',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id').references(() => calls.id, { onDelete: 'cascade' }),
    /** The lines that the model was given. */
    lines: jsonb('lines').$type<readonly CheckedLine[]>().notNull(),
    /** Identifies the line with which it began, so that the same line is asked about once. */
    subjectKey: text('subject_key').notNull(),
    state: enumColumn('state', CHECK_STATES).notNull(),
    reason: enumColumn('reason', CHECK_REASONS),
    /** Why a model was not asked. */
    errorCode: text('error_code'),
    /** How many of the lines have a review. */
    found: integer('found').notNull().default(0),
    generationId: id('generation_id').references(() => aiGenerations.id, { onDelete: 'set null' }),
    /** When a model may be asked; null once it was. Until then more lines are collected. */
    askAt: utcTimestamp('ask_at'),
    askedAt: utcTimestamp('asked_at'),
    /** Whether it has half of the lines of a check whose answer was useless; it is not divided again. */
    isHalf: boolean('is_half').notNull().default(false),
    createdAt: createdAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    index('moderation_checks_organization_id_idx').on(t.organizationId, t.id),
    uniqueIndex('moderation_checks_subject_key').on(t.roomId, t.subjectKey),
    index('moderation_checks_call_id_idx').on(t.callId),
    index('moderation_checks_generation_id_idx').on(t.generationId),
    index('moderation_checks_created_at_idx').on(t.createdAt),
    index('moderation_checks_room_id_idx').on(t.roomId, t.createdAt),
    index('moderation_checks_waiting_idx')
      .on(t.askAt)
      .where(sql`${t.askAt} is not null`),
    index('moderation_checks_running_idx')
      .on(t.createdAt)
      .where(sql`${t.endedAt} is null`),
    check('moderation_checks_waiting_check', sql`${t.askAt} is null or ${t.state} = 'running'`),
    enumCheck('moderation_checks_state_check', t.state, CHECK_STATES),
    enumCheck('moderation_checks_reason_check', t.reason, CHECK_REASONS),
    check('moderation_checks_ended_check', sql`(${t.state} = 'running') = (${t.endedAt} is null)`),
    check('moderation_checks_failed_check', sql`(${t.state} = 'failed') = (${t.reason} is not null)`),
  ],
);

export type ModerationCheck = typeof moderationChecks.$inferSelect;
