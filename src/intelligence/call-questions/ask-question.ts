import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { type Generation, startGeneration } from '../generations/index.ts';
import { requirePerson } from '../memory/index.ts';
import { newestThatFit, requestOf } from './answer.rules.ts';
import { requireCall } from './asked-call.ts';
import { questionErrors } from './call-questions.errors.ts';
import { insertQuestion, selectQuestion, selectQuestions } from './call-questions.queries.ts';
import type { AskQuestion } from './call-questions.schemas.ts';
import type { CallQuestion, ShownQuestion } from './call-questions.tables.ts';
import { placesOf } from './places.rules.ts';
import { readLines } from './read-lines.ts';

const NOT_ANSWERED = {
  state: 'running',
  reason: null,
  statements: [],
  endedAt: null,
  version: 1,
} satisfies Partial<CallQuestion>;

/**
 * Asks a model about a call, in the background. Question and generation are stored in one commit.
 * @throws AppError as `requireCall`; `call_questions.*`, `ai.*`, `billing.feature_not_included`, `auth.forbidden`
 */
export async function askQuestion(
  ctx: Ctx,
  callId: string,
  { question, model, fallbackModels, post }: AskQuestion,
): Promise<CallQuestion> {
  requirePermission(ctx.actor, 'ai:write');
  const userId = requirePerson(ctx.actor);
  const asked = await requireCall(ctx, callId, userId);
  if (post && !asked.isChatOn) throw questionErrors.chatOff();
  const { transcriptionId, lines: all } = await readLines(ctx, asked);
  const lines = newestThatFit(all);
  if (lines.length === 0) throw questionErrors.nothingSaid();
  const id = ctx.ids.create('callQuestion');
  const rowOf = ({ id: generationId }: Generation): CallQuestion => ({
    ...NOT_ANSWERED,
    id,
    organizationId: ctx.organizationId,
    roomId: asked.call.roomId,
    callId,
    transcriptionId,
    userId,
    question,
    post,
    generationId,
    askedFrom: asked.from,
    lines: placesOf(lines),
    createdAt: new Date(ctx.clock.now()),
  });
  const request = requestOf(question, lines, { model, fallbackModels });
  const target = { type: 'call', id: callId } as const;
  const { row } = await startGeneration(ctx, request, {
    write: (q, generation) => insertQuestion(q, rowOf(generation)),
    audit: { action: 'call_question.asked', target, after: { questionId: id, post } },
    resultOf: rowOf,
    conflicts: {},
    origin: { feature: 'questions', room: asked.call.roomId, call: callId },
    isInBackground: true,
  });
  return rowOf(row);
}

/** A question of the caller. @throws AppError as `requireCall`, `call_questions.not_found` */
export async function getQuestion(
  ctx: Ctx,
  { callId, questionId }: { callId: string; questionId: string },
): Promise<ShownQuestion> {
  requirePermission(ctx.actor, 'ai:read');
  const userId = requirePerson(ctx.actor);
  const reader = { userId, ...(await requireCall(ctx, callId, userId)) };
  const [[row]] = await ctx.read((q) => [
    selectQuestion(q, ctx.organizationId, { callId, questionId, reader }),
  ]);
  if (!row) throw questionErrors.notFound();
  return row;
}

/** The caller's questions about a call, the newest first. @throws AppError as `requireCall` */
export async function listQuestions(
  ctx: Ctx,
  callId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<ShownQuestion>> {
  requirePermission(ctx.actor, 'ai:read');
  const userId = requirePerson(ctx.actor);
  const reader = { userId, ...(await requireCall(ctx, callId, userId)) };
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectQuestions(q, ctx.organizationId, { callId, reader }, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}
