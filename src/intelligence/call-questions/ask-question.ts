import type { Call } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { isModeratorRole, requireRoomAccess, restrictedViewer } from '../../rooms/access/index.ts';
import { type Generation, startGeneration } from '../generations/index.ts';
import { requirePerson } from '../memory/index.ts';
import { type Line, newestThatFit, requestOf } from './answer.rules.ts';
import { questionErrors } from './call-questions.errors.ts';
import {
  insertQuestion,
  selectCallToAsk,
  selectQuestion,
  selectQuestions,
  selectSaid,
  selectTranscriptOfCall,
  selectWritten,
} from './call-questions.queries.ts';
import type { AskQuestion } from './call-questions.schemas.ts';
import type { CallQuestion } from './call-questions.tables.ts';

interface AskedCall {
  call: Call;
  /** From when on the asker may know what was said. */
  from: Date;
  isChatOn: boolean;
}

/**
 * A call about which the caller may ask: all of it for a moderator of the room, otherwise from when on they were in it.
 * @throws AppError `call_questions.call_not_found`, `call_questions.not_there`, `rooms.not_found`, `rooms.removed`
 */
async function requireCall(ctx: Ctx, callId: string, userId: string): Promise<AskedCall> {
  const reader = { viewer: restrictedViewer(ctx.actor), identity: userId };
  const [[found]] = await ctx.read((q) => [selectCallToAsk(q, ctx.organizationId, callId, reader)]);
  if (!found) throw questionErrors.callNotFound();
  const { call, joinedAt } = found;
  const [{ role, relation, room }] = await requireRoomAccess(ctx, { roomId: call.roomId });
  const isChatOn = room.features.chat;
  const begun = call.startedAt ?? call.createdAt;
  if (isModeratorRole(role)) return { call, from: begun, isChatOn };
  if (relation !== 'current' || joinedAt === null) throw questionErrors.notThere();
  return { call, from: joinedAt, isChatOn };
}

/** What was said and written in a call since a moment, in the order of time. */
async function readLines(ctx: Ctx, { call, from }: AskedCall) {
  const { organizationId } = ctx;
  const begunMs = (call.startedAt ?? call.createdAt).getTime();
  const to = call.endedAt ?? new Date(ctx.clock.now());
  const [[transcription], written] = await ctx.read((q) => [
    selectTranscriptOfCall(q, organizationId, call.id),
    selectWritten(q, organizationId, call.roomId, { from, to }),
  ]);
  const messages = written.map(({ id, text, sentAt }): Line => ({
    kind: 'chat',
    id,
    text,
    atMs: sentAt.getTime() - begunMs,
  }));
  if (!transcription) return { transcriptionId: null, lines: messages.toReversed() };
  const offsetMs = transcription.createdAt.getTime() - begunMs;
  const fromMs = from.getTime() - begunMs - offsetMs;
  const [said] = await ctx.read((q) => [
    selectSaid(q, organizationId, transcription.id, Math.max(0, Math.floor(fromMs))),
  ]);
  const spoken = said
    .filter(({ isGap }) => !isGap)
    .map(({ position, startMs, text }): Line => ({
      kind: 'speech',
      id: String(position),
      text,
      atMs: startMs + offsetMs,
    }));
  const lines = [...spoken, ...messages].toSorted((a, b) => a.atMs - b.atMs);
  return { transcriptionId: transcription.id, lines };
}

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
    lines: lines.map(({ kind, id: of, atMs }) => ({ kind, id: of, atMs })),
    createdAt: new Date(ctx.clock.now()),
  });
  const request = requestOf(question, lines, { model, fallbackModels });
  const target = { type: 'call', id: callId } as const;
  const { row } = await startGeneration(ctx, request, {
    write: (q, generation) => insertQuestion(q, rowOf(generation)),
    audit: { action: 'call_question.asked', target, after: { questionId: id, post } },
    resultOf: rowOf,
    conflicts: {},
    isInBackground: true,
  });
  return rowOf(row);
}

/** A question of the caller. @throws AppError as `requireCall`, `call_questions.not_found` */
export async function getQuestion(
  ctx: Ctx,
  { callId, questionId }: { callId: string; questionId: string },
): Promise<CallQuestion> {
  requirePermission(ctx.actor, 'ai:read');
  const userId = requirePerson(ctx.actor);
  await requireCall(ctx, callId, userId);
  const [[row]] = await ctx.read((q) => [
    selectQuestion(q, ctx.organizationId, { callId, questionId, userId }),
  ]);
  if (!row) throw questionErrors.notFound();
  return row;
}

/** The caller's questions about a call, the newest first. @throws AppError as `requireCall` */
export async function listQuestions(
  ctx: Ctx,
  callId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<CallQuestion>> {
  requirePermission(ctx.actor, 'ai:read');
  const userId = requirePerson(ctx.actor);
  await requireCall(ctx, callId, userId);
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectQuestions(q, ctx.organizationId, { callId, userId }, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}
