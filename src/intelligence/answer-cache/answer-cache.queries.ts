import { and, eq, gt, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { type AnswerSavings, aiAnswers, aiAnswerSavings, type KeptAnswer } from './answer-cache.tables.ts';

/** Most answers that are kept for an organization. */
const MAX_ANSWERS = 1_000;

export const selectAnswer = (q: Queries, organizationId: string, keyHash: string, now: Date) =>
  q
    .select()
    .from(aiAnswers)
    .where(
      and(
        eq(aiAnswers.organizationId, organizationId),
        eq(aiAnswers.keyHash, keyHash),
        gt(aiAnswers.expiresAt, now),
      ),
    );

/**
 * Keeps an answer in place of an earlier one, and deletes the oldest beyond the limit. It fails as stale if its
 * generation is missing, or began before the cache was emptied.
 */
export function upsertAnswer(q: Queries, row: KeptAnswer, generationId: string): Statement[] {
  const { organizationId, keyHash: _key, ...set } = row;
  return [
    mustHold(
      q,
      sql`exists (select from ai_generations where organization_id = ${organizationId} and id = ${generationId}
        and status = 'completed' and not exists (select from ${aiAnswerSavings}
          where ${aiAnswerSavings.organizationId} = ${organizationId} and ${aiAnswerSavings.emptiedAt} >= ai_generations.created_at))`,
      requestErrors.stale,
    ),
    q
      .insert(aiAnswers)
      .values(row)
      .onConflictDoUpdate({ target: [aiAnswers.organizationId, aiAnswers.keyHash], set }),
    q.delete(aiAnswers).where(
      sql`id in (select id from ${aiAnswers} where organization_id = ${organizationId}
        order by id desc offset ${MAX_ANSWERS})`,
    ),
  ];
}

/** Counts what a reused answer has saved. */
export const addSavings = (q: Queries, row: Omit<AnswerSavings, 'emptiedAt'>) => {
  const sumOf = (name: keyof typeof row) => sql`${aiAnswerSavings[name]} + ${row[name]}`;
  return q
    .insert(aiAnswerSavings)
    .values(row)
    .onConflictDoUpdate({
      target: [aiAnswerSavings.organizationId, aiAnswerSavings.month],
      set: {
        reused: sumOf('reused'),
        inputTokens: sumOf('inputTokens'),
        outputTokens: sumOf('outputTokens'),
        amountMicros: sumOf('amountMicros'),
        unknownCount: sumOf('unknownCount'),
      },
    });
};

export const selectSavings = (q: Queries, organizationId: string) =>
  q.select().from(aiAnswerSavings).where(eq(aiAnswerSavings.organizationId, organizationId));

export const countAnswers = (q: Queries, organizationId: string, now: Date) =>
  q
    .select({ count: sql<number>`count(*)::int` })
    .from(aiAnswers)
    .where(and(eq(aiAnswers.organizationId, organizationId), gt(aiAnswers.expiresAt, now)));

/** Deletes the kept answers, and notes when: answers of generations that began before are not kept afterwards. */
export const deleteAnswers = (q: Queries, organizationId: string, now: Date) => [
  q.delete(aiAnswers).where(eq(aiAnswers.organizationId, organizationId)),
  q
    .insert(aiAnswerSavings)
    .values({
      organizationId,
      month: now.toISOString().slice(0, 7),
      reused: 0,
      inputTokens: 0,
      outputTokens: 0,
      amountMicros: 0,
      unknownCount: 0,
      emptiedAt: now,
    })
    .onConflictDoUpdate({
      target: [aiAnswerSavings.organizationId, aiAnswerSavings.month],
      set: { emptiedAt: now },
    }),
];

/** In all organizations. */
export const deleteAnswersOfUser = (q: Queries, userId: string) =>
  q.delete(aiAnswers).where(eq(aiAnswers.userId, userId));

/** Deletes expired answers of all organizations. */
export const deleteExpiredAnswers = (q: Queries, now: Date, limit: number) =>
  q
    .delete(aiAnswers)
    .where(
      sql`id in (select id from ${aiAnswers} where expires_at <= ${now.toISOString()}::timestamptz limit ${limit})`,
    )
    .returning({ id: aiAnswers.id });
