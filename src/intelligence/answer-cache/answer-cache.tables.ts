import {
  bigint,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp } from '../../kernel/db/index.ts';
import { STOP_REASONS, type TokenUsage } from '../providers/index.ts';

/** Kept answers that may be reused. */
export const aiAnswers = pgTable(
  'ai_answers',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** The user who asked; null for an API key. */
    userId: id('user_id'),
    /** Keyed hash of the request. */
    keyHash: text('key_hash').notNull(),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    stopReason: enumColumn('stop_reason', STOP_REASONS).notNull(),
    /** The answer, encrypted, bound to this row. */
    sealedOutput: text('sealed_output').notNull(),
    usage: jsonb('usage').$type<TokenUsage>().notNull(),
    createdAt: createdAt(),
    expiresAt: utcTimestamp('expires_at').notNull(),
  },
  (t) => [
    unique('ai_answers_organization_id_key_hash_key').on(t.organizationId, t.keyHash),
    index('ai_answers_user_id_idx').on(t.userId),
    index('ai_answers_expires_at_idx').on(t.expiresAt),
    index('ai_answers_organization_id_id_idx').on(t.organizationId, t.id),
    foreignKey({
      name: 'ai_answers_user_id_fk',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    enumCheck('ai_answers_stop_reason_check', t.stopReason, STOP_REASONS),
  ],
);

/** Savings of an organization by reuse, by month. */
export const aiAnswerSavings = pgTable(
  'ai_answer_savings',
  {
    organizationId: tenant(),
    /** Calendar month, UTC: `2026-11`. */
    month: text('month').notNull(),
    reused: integer('reused').notNull(),
    inputTokens: bigint('input_tokens', { mode: 'number' }).notNull(),
    outputTokens: bigint('output_tokens', { mode: 'number' }).notNull(),
    /** In millionths of a USD, for answers with known prices. */
    amountMicros: bigint('amount_micros', { mode: 'number' }).notNull(),
    /** Reused answers with an unknown price. */
    unknownCount: integer('unknown_count').notNull(),
    /** When kept answers were last deleted in that month: answers of generations that began before are not kept. */
    emptiedAt: utcTimestamp('emptied_at'),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.month] })],
);

export type KeptAnswer = typeof aiAnswers.$inferSelect;
export type AnswerSavings = typeof aiAnswerSavings.$inferSelect;
