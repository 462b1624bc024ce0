import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, isStale } from '../../kernel/core/index.ts';
import { asMember } from '../ask-authority/index.ts';
import { type GenerationOrigin, startGeneration } from '../generations/index.ts';
import type { ModelCheck, ModerationPolicy } from '../moderation-policies/index.ts';
import { checkedLine, requestOf } from './answer.rules.ts';
import {
  changeCheck,
  deleteCheck,
  holdHalfOfRunning,
  selectLastAsked,
  selectWaiting,
} from './check-records.queries.ts';
import { findUnchanged } from './find-subjects.ts';
import { flagUnchecked } from './flag-unchecked.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';
import type { ReviewsChange } from './open-reviews.ts';
import { dividedByAge, isDue, mayPass, type Question, takeQuestion } from './questions.rules.ts';

/** When a model could not be asked, it is tried again after this time. */
const AGAIN_MS = 60_000;
/** How long lines wait for a model. */
const WAIT_MS = 1_800_000;
/** Lines are not checked any more after this time, whatever kept a model from being asked. */
const GIVEN_UP_MS = 2 * WAIT_MS;
const MOST_WAITING = 50;
/** Most questions about a room at once; the rest is asked by the scheduled task. */
const MOST_QUESTIONS = 3;
/** Share of the organization's budget for AI. */
const BUDGET_SHARE = 0.25;

type AskingPolicy = ModerationPolicy & { modelCheck: ModelCheck };

/** The one check that now has all lines of a question. */
const mergedCheck = ({ checks, lines }: Question): ModerationCheck => ({
  ...checks[0]!,
  callId: checks.find(({ callId }) => callId !== null)?.callId ?? null,
  lines: lines.map(checkedLine),
});

/** Ends the checks of a question for which no model is asked, as one check. */
async function endUnasked(
  ctx: Ctx,
  question: Question,
  why: Pick<ModerationCheck, 'state' | 'reason' | 'errorCode'>,
  flagged: ReviewsChange | null,
): Promise<void> {
  const [first, ...others] = question.checks;
  const { callId, lines } = mergedCheck(question);
  const ended = { ...why, callId, lines, askAt: null, endedAt: new Date(ctx.clock.now()) };
  await ctx.commit({
    write: (q) => [
      changeCheck(q, first!, { ...ended, found: flagged?.found ?? 0 }),
      ...others.map((other) => deleteCheck(q, other)),
      ...(flagged?.write(q) ?? []),
    ],
    audit: flagged?.audit ?? [],
    events: flagged?.events ?? [],
    result: undefined,
  });
}

async function refuse(
  ctx: Ctx,
  policy: ModerationPolicy,
  question: Question,
  why: Pick<ModerationCheck, 'reason' | 'errorCode'>,
): Promise<void> {
  const flagged = await flagUnchecked(ctx, policy, mergedCheck(question));
  await endUnasked(ctx, question, { ...why, state: 'failed' }, flagged);
}

/** Postpones a question that could not be asked, if the reason may pass. After some time its lines stay unchecked. */
async function putOff(ctx: Ctx, policy: ModerationPolicy, question: Question, error: AppError) {
  const now = ctx.clock.now();
  const [tooLong, others] = dividedByAge(question, mayPass(error) ? now - WAIT_MS : now);
  if (tooLong.checks.length > 0)
    await refuse(ctx, policy, tooLong, { reason: 'not_asked', errorCode: error.code });
  if (others.checks.length === 0) return;
  const askAt = new Date(now + AGAIN_MS);
  await ctx.commit({
    write: (q) => others.checks.map((check) => changeCheck(q, check, { askAt })),
    result: undefined,
  });
}

/** Asks one question. If a model cannot be asked, the reason is stored, and the messages stay. */
async function ask(ctx: Ctx, policy: AskingPolicy, question: Question): Promise<void> {
  const [first, ...others] = question.checks;
  const author = await asMember(ctx, policy.authorId);
  if (!author) return refuse(ctx, policy, question, { reason: 'author_gone', errorCode: null });
  const { roomId: room, callId: call, lines } = mergedCheck(question);
  const origin: GenerationOrigin = { feature: 'moderation', room, ...(call === null ? {} : { call }) };
  const now = new Date(ctx.clock.now());
  try {
    await startGeneration(author, requestOf(question.lines, policy.modelCheck), {
      write: (q, { id: generationId }) => [
        changeCheck(q, first!, { callId: call, lines, askAt: null, askedAt: now, generationId }),
        ...others.map((other) => deleteCheck(q, other)),
        ...holdHalfOfRunning(q, ctx.organizationId, now),
      ],
      resultOf: ({ id }) => id,
      conflicts: {},
      origin,
      budgetShare: BUDGET_SHARE,
      isInBackground: true,
    });
  } catch (error) {
    if (!(error instanceof AppError) || isStale(error)) throw error;
    // If the failure came after the commit, the checks have changed, and wait for their answer.
    await putOff(ctx, policy, question, error);
  }
}

async function askNext(ctx: Ctx, policy: ModerationPolicy | undefined, roomId: string): Promise<boolean> {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const [waiting, [last]] = await ctx.read((q) => [
    selectWaiting(q, organizationId, roomId, new Date(nowMs), MOST_WAITING),
    selectLastAsked(q, organizationId, roomId, new Date(nowMs - WAIT_MS)),
  ]);
  if (!isDue(waiting, last?.askedAt?.getTime() ?? 0, nowMs)) return false;
  const found = await findUnchanged(
    ctx,
    roomId,
    waiting.flatMap(({ lines }) => lines),
  );
  const question = takeQuestion(waiting, new Map(found.map(({ line }) => [line.key, line])));
  const modelCheck = policy?.enabled ? policy.modelCheck : null;
  // Lines whose question failed repeatedly for an unforeseen reason are given up, too.
  const [tooLong] = dividedByAge(question, nowMs - GIVEN_UP_MS);
  if (policy && modelCheck && tooLong.lines.length > 0)
    await refuse(ctx, policy, tooLong, { reason: 'not_asked', errorCode: null });
  else if (policy && modelCheck && question.lines.length > 0)
    await ask(ctx, { ...policy, modelCheck }, question);
  else await endUnasked(ctx, question, { state: 'done', reason: null, errorCode: null }, null);
  return true;
}

/**
 * Has a model check the waiting lines of a room, in the background, in the name of the person who set the policy. It
 * starts at once unless a model was asked about the room a moment ago.
 */
export async function askWaiting(
  ctx: Ctx,
  policy: ModerationPolicy | undefined,
  roomId: string,
): Promise<void> {
  try {
    for (let asked = 0; asked < MOST_QUESTIONS; asked++) if (!(await askNext(ctx, policy, roomId))) return;
  } catch (error) {
    // Another request asks at this moment.
    if (!isStale(error)) throw error;
  }
}
