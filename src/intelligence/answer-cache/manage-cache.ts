import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import {
  countAnswers,
  deleteAnswers,
  deleteAnswersOfUser,
  deleteExpiredAnswers,
  selectSavings,
} from './answer-cache.queries.ts';
import type { AnswerSavings } from './answer-cache.tables.ts';

/** What is kept, and what it has saved. */
export interface AnswerCache {
  answers: number;
  savings: readonly AnswerSavings[];
  month: string;
}

/** @throws AppError `auth.forbidden` without `ai-settings:read` */
export async function getAnswerCache(ctx: Ctx): Promise<AnswerCache> {
  requirePermission(ctx.actor, 'ai-settings:read');
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [[counted], savings] = await ctx.read((q) => [
    countAnswers(q, organizationId, now),
    selectSavings(q, organizationId),
  ]);
  return { answers: counted?.count ?? 0, savings, month: now.toISOString().slice(0, 7) };
}

/**
 * Deletes all kept answers; the count of savings remains.
 * @throws AppError `auth.forbidden` without `ai-settings:write`
 */
export async function emptyAnswerCache(ctx: Ctx): Promise<void> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  await ctx.commit({
    write: (q) => deleteAnswers(q, organizationId, new Date(ctx.clock.now())),
    audit: {
      action: 'ai_answer_cache.emptied',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
    },
    result: undefined,
  });
}

/** Deletes the answers to the questions of an erased user. */
export async function forgetPerson(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  await ctx.commit({
    scope: systemScope,
    write: (q) => [deleteAnswersOfUser(q, userId)],
    result: undefined,
  });
}

const MAX_ROWS_PER_STEP = 1_000;
const MAX_STEPS_PER_RUN = 20;

/** Scheduled: deletes answers that have expired. */
export async function sweepAnswers({ database, clock }: Services): Promise<{ deleted: number }> {
  const now = new Date(clock.now());
  let deleted = 0;
  for (let step = 0; step < MAX_STEPS_PER_RUN; step++) {
    const [rows] = await database.read(systemScope, (q) => [deleteExpiredAnswers(q, now, MAX_ROWS_PER_STEP)]);
    deleted += rows.length;
    if (rows.length < MAX_ROWS_PER_STEP) break;
  }
  return { deleted };
}
