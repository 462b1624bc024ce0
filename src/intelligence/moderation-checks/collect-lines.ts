import type { Ctx } from '../../kernel/context/index.ts';
import { checkedLine, type LineToCheck, questionsOf } from './answer.rules.ts';
import { insertCheck, selectKnownKeys } from './check-records.queries.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';

/** A repeated event comes within this time. */
const KNOWN_MS = 3_600_000;

export interface CheckedRoom {
  roomId: string;
  callId: string | null;
}

/** A check that waits until a model may be asked. */
export function newCheck(
  ctx: Ctx,
  { roomId, callId }: CheckedRoom,
  lines: ModerationCheck['lines'],
): ModerationCheck {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('moderationCheck'),
    organizationId: ctx.organizationId,
    roomId,
    callId,
    lines,
    subjectKey: lines[0]!.key,
    state: 'running',
    reason: null,
    errorCode: null,
    found: 0,
    generationId: null,
    askAt: now,
    askedAt: null,
    isHalf: false,
    createdAt: now,
    endedAt: null,
    version: 1,
  };
}

/** Stores lines that a model is to check, each once. */
export async function collectLines(
  ctx: Ctx,
  place: CheckedRoom,
  lines: readonly LineToCheck[],
): Promise<void> {
  const since = new Date(ctx.clock.now() - KNOWN_MS);
  const keys = lines.map(({ key }) => key);
  const [rows] = await ctx.read((q) => [selectKnownKeys(q, ctx.organizationId, place.roomId, since, keys)]);
  const known = new Set(rows.map(({ key }) => key));
  const questions = questionsOf(lines.filter(({ key }) => !known.has(key)));
  if (questions.length === 0) return;
  const checks = questions.map((question) => newCheck(ctx, place, question.map(checkedLine)));
  await ctx.commit({
    write: (q) => checks.map((check) => insertCheck(q, check)),
    result: undefined,
  });
}
