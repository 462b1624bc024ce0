import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, isStale, requestErrors } from '../../kernel/core/index.ts';
import { asMember } from '../ask-authority/index.ts';
import { type GenerationOrigin, startGeneration } from '../generations/index.ts';
import type { ModelCheck, ModerationPolicy } from '../moderation-policies/index.ts';
import { type LineToCheck, questionsOf, requestOf } from './answer.rules.ts';
import { insertCheck, selectAskedKeys } from './check-records.queries.ts';
import { flagUnchecked } from './flag-unchecked.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';

interface CheckedRoom {
  roomId: string;
  callId: string | null;
}

function newCheck(ctx: Ctx, { roomId, callId }: CheckedRoom, lines: readonly LineToCheck[]): ModerationCheck {
  return {
    id: ctx.ids.create('moderationCheck'),
    organizationId: ctx.organizationId,
    roomId,
    callId,
    lines: lines.map(({ kind, id, position, key }) => ({ kind, id, position, key })),
    subjectKey: lines[0]!.key,
    state: 'running',
    reason: null,
    errorCode: null,
    found: 0,
    generationId: null,
    createdAt: new Date(ctx.clock.now()),
    endedAt: null,
    version: 1,
  };
}

/** Stores that no model was asked, and why. */
async function storeRefusal(
  ctx: Ctx,
  policy: ModerationPolicy,
  check: ModerationCheck,
  why: Pick<ModerationCheck, 'reason' | 'errorCode'>,
): Promise<void> {
  const unchecked = await flagUnchecked(ctx, policy, check);
  const ended = {
    ...check,
    ...why,
    state: 'failed' as const,
    endedAt: check.createdAt,
    found: unchecked.found,
  };
  await ctx.commit({
    write: (q) => [insertCheck(q, ended), ...unchecked.write(q)],
    audit: unchecked.audit,
    events: unchecked.events,
    conflicts: { moderation_checks_subject_key: requestErrors.stale },
    result: undefined,
  });
}

/** Asks one question; what keeps a model from being asked is stored, and the messages stay. */
async function askOne(
  ctx: Ctx,
  policy: ModerationPolicy & { modelCheck: ModelCheck },
  check: ModerationCheck,
  lines: readonly LineToCheck[],
): Promise<void> {
  const author = await asMember(ctx, policy.authorId);
  if (!author) return storeRefusal(ctx, policy, check, { reason: 'author_gone', errorCode: null });
  const { roomId: room, callId: call } = check;
  const origin: GenerationOrigin = { feature: 'moderation', room, ...(call === null ? {} : { call }) };
  try {
    await startGeneration(author, requestOf(lines, policy.modelCheck), {
      write: (q, { id: generationId }) => [insertCheck(q, { ...check, generationId })],
      resultOf: ({ id }) => id,
      conflicts: { moderation_checks_subject_key: requestErrors.stale },
      origin,
      isInBackground: true,
    });
  } catch (error) {
    if (!(error instanceof AppError) || isStale(error)) throw error;
    await storeRefusal(ctx, policy, check, { reason: 'not_asked', errorCode: error.code });
  }
}

/** Has a model look at lines, in the background and in the name of the person who set the policy; each line once. */
export async function askModel(
  ctx: Ctx,
  policy: ModerationPolicy,
  place: CheckedRoom,
  lines: readonly LineToCheck[],
): Promise<void> {
  const { modelCheck } = policy;
  if (!modelCheck) return;
  const questions = questionsOf(lines);
  const keys = questions.map(([first]) => first!.key);
  const [asked] = await ctx.read((q) => [selectAskedKeys(q, ctx.organizationId, place.roomId, keys)]);
  const known = new Set(asked.map(({ subjectKey }) => subjectKey));
  for (const question of questions)
    if (!known.has(question[0]!.key))
      await askOne(ctx, { ...policy, modelCheck }, newCheck(ctx, place, question), question);
}
