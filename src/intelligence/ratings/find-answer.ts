import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, hasStatus, ID_PREFIXES } from '../../kernel/core/index.ts';
import { getSummary } from '../summaries/index.ts';
import { getTeamRun } from '../team-runs/index.ts';
import { ratingErrors } from './ratings.errors.ts';
import { selectOwnGeneration, selectShownMessage, selectTranscriptionOf } from './ratings.queries.ts';
import type { Rating } from './ratings.tables.ts';

/** The answer that a rating is about. */
export type RatedAnswer = Pick<Rating, 'answerId' | 'generationId' | 'messageId' | 'summaryId' | 'runId'>;

interface FoundAnswer {
  answer: RatedAnswer;
  endedAt: Date | null;
}

const NO_ANSWER = { generationId: null, messageId: null, summaryId: null, runId: null };

async function findMessage(ctx: Ctx, messageId: string): Promise<FoundAnswer> {
  const [[found]] = await ctx.read((q) => [
    selectShownMessage(q, ctx.organizationId, actorId(ctx.actor)!, messageId),
  ]);
  if (!found) throw ratingErrors.answerNotFound();
  const { generationId, endedAt } = found;
  return { answer: { ...NO_ANSWER, answerId: messageId, messageId, generationId }, endedAt };
}

async function findSummary(ctx: Ctx, summaryId: string): Promise<FoundAnswer> {
  const [[found]] = await ctx.read((q) => [selectTranscriptionOf(q, ctx.organizationId, summaryId)]);
  if (!found) throw ratingErrors.answerNotFound();
  const { generationId, endedAt } = await getSummary(ctx, { ...found, summaryId });
  return { answer: { ...NO_ANSWER, answerId: summaryId, summaryId, generationId }, endedAt };
}

async function findRun(ctx: Ctx, runId: string): Promise<FoundAnswer> {
  const { endedAt } = await getTeamRun(ctx, runId);
  return { answer: { ...NO_ANSWER, answerId: runId, runId }, endedAt };
}

/** The answer of a message or summary is rated as such, even if its generation is named, so that it has one rating. */
async function findGeneration(ctx: Ctx, generationId: string): Promise<FoundAnswer> {
  const [[found]] = await ctx.read((q) => [
    selectOwnGeneration(q, ctx.organizationId, actorId(ctx.actor)!, generationId),
  ]);
  if (!found) throw ratingErrors.answerNotFound();
  if (found.messageId) return findMessage(ctx, found.messageId);
  if (found.summaryId) return findSummary(ctx, found.summaryId);
  return { answer: { ...NO_ANSWER, answerId: generationId, generationId }, endedAt: found.endedAt };
}

const FINDERS: Readonly<Record<string, (ctx: Ctx, id: string) => Promise<FoundAnswer>>> = {
  [ID_PREFIXES.generation]: findGeneration,
  [ID_PREFIXES.agentMessage]: findMessage,
  [ID_PREFIXES.summary]: findSummary,
  [ID_PREFIXES.teamRun]: findRun,
};

/**
 * An answer that the caller may read.
 * @throws AppError `ratings.answer_not_found`, also for an answer that the caller may not see
 */
export async function findAnswer(ctx: Ctx, answerId: string): Promise<FoundAnswer> {
  const find = FINDERS[answerId.split('_')[0]!];
  if (!find) throw ratingErrors.answerNotFound();
  try {
    return await find(ctx, answerId);
  } catch (error) {
    if (hasStatus(error, 404)) throw ratingErrors.answerNotFound();
    throw error;
  }
}
