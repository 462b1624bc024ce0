import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id, updatedAt, version } from '../../kernel/db/index.ts';
import { agentMessages } from '../agent-conversations/agent-conversations.tables.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { summaries } from '../summaries/summaries.tables.ts';
import { teamRuns } from '../team-runs/team-runs.tables.ts';
import { RATING_KINDS, RATING_REASONS } from './ratings.enums.ts';

/** Ratings of answers: one row for each person or API key and answer. */
export const aiRatings = pgTable(
  'ai_ratings',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** The answer that was rated: the most specific of the four ids below. */
    answerId: id('answer').notNull(),
    /** The generation of the answer; null for several or none. */
    generationId: id('generation_id').references(() => aiGenerations.id, { onDelete: 'cascade' }),
    messageId: id('message_id').references(() => agentMessages.id, { onDelete: 'cascade' }),
    summaryId: id('summary_id').references(() => summaries.id, { onDelete: 'cascade' }),
    runId: id('run_id').references(() => teamRuns.id, { onDelete: 'cascade' }),
    /** The user or API key that owns it, and with which it is deleted. */
    rater: text('owner').notNull(),
    userId: id('user_id'),
    apiKeyId: id('api_key_id').references(() => apiKeys.id, { onDelete: 'cascade' }),
    kind: enumColumn('kind', RATING_KINDS).notNull(),
    /** The score; 5 for a thumb up, 1 for a thumb down. */
    rating: integer('rating').notNull(),
    reason: enumColumn('reason', RATING_REASONS),
    text: text('text'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('ai_ratings_answer_key').on(t.organizationId, t.answerId, t.rater),
    index('ai_ratings_organization_id_idx').on(t.organizationId, t.id),
    index('ai_ratings_generation_id_idx').on(t.generationId),
    index('ai_ratings_message_id_idx').on(t.messageId),
    index('ai_ratings_summary_id_idx').on(t.summaryId),
    index('ai_ratings_run_id_idx').on(t.runId),
    index('ai_ratings_user_id_idx').on(t.organizationId, t.userId),
    index('ai_ratings_api_key_id_idx').on(t.apiKeyId),
    foreignKey({
      name: 'ai_ratings_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    check('ai_ratings_rater_check', sql`${t.rater} = coalesce(${t.userId}, ${t.apiKeyId})`),
    check(
      'ai_ratings_answer_check',
      sql`${t.answerId} = coalesce(${t.messageId}, ${t.summaryId}, ${t.runId}, ${t.generationId})`,
    ),
    check(
      'ai_ratings_rating_check',
      sql`${t.rating} between 1 and 5 and (${t.kind} = 'score' or ${t.rating} = 1 or ${t.rating} = 5)`,
    ),
    enumCheck('ai_ratings_kind_check', t.kind, RATING_KINDS),
    enumCheck('ai_ratings_reason_check', t.reason, RATING_REASONS),
  ],
);

export type Rating = typeof aiRatings.$inferSelect;
