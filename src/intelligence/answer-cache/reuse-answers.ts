import type { Ctx, Services } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import type { AiProviderName, ChatPart, StopReason, TokenUsage } from '../providers/index.ts';
import { addSavings, selectAnswer, upsertAnswer } from './answer-cache.queries.ts';
import {
  keptText,
  type ReusableAnswer,
  reuseSecondsOf,
  type ReuseTerms,
  type SavedByReuse,
  textOfRequest,
} from './answer-cache.rules.ts';

const associatedDataOf = (id: string) => `ai_answers.sealed_output.${id}`;

/**
 * The terms on which the answer to a request is reused and kept; null when it is not.
 * @param first the model that is asked first, with its name in the key
 */
export async function reuseTermsOf(
  ctx: Ctx,
  input: CreateGeneration,
  { provider, model, name }: { provider: AiProviderName; model: string; name: string },
  ofOrganization: number | null,
): Promise<ReuseTerms | null> {
  const seconds = reuseSecondsOf(input, ofOrganization);
  return seconds === null
    ? null
    : {
        seconds,
        provider,
        model,
        keyHash: await hashOf(ctx, ctx.organizationId, textOfRequest(name, input)),
      };
}

const hashOf = ({ hasher }: Pick<Services, 'hasher'>, organizationId: string, text: string) =>
  hasher.hash('ai_answer', `${organizationId}\u0000${text}`);

/** The kept answer to a request; undefined when there is none, or it can no longer be decrypted. */
export async function findAnswer(ctx: Ctx, { keyHash }: ReuseTerms): Promise<ReusableAnswer | undefined> {
  const now = new Date(ctx.clock.now());
  const [[row]] = await ctx.read((q) => [selectAnswer(q, ctx.organizationId, keyHash, now)]);
  if (!row) return undefined;
  try {
    const text = await ctx.vault.decrypt(row.sealedOutput, associatedDataOf(row.id));
    return { output: JSON.parse(text) as ChatPart[], stopReason: row.stopReason, usage: row.usage };
  } catch (error) {
    ctx.log.warn('ai.answer_not_opened', { answerId: row.id, error });
    return undefined;
  }
}

/** Counts the savings of a reused answer, in the commit of its generation. */
export function countReuse(
  q: Queries,
  { organizationId, now }: { organizationId: string; now: Date },
  { usage, amountMicros }: SavedByReuse,
): Statement {
  return addSavings(q, {
    organizationId,
    month: now.toISOString().slice(0, 7),
    reused: 1,
    inputTokens:
      usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.cacheWriteHourTokens,
    outputTokens: usage.outputTokens,
    amountMicros: amountMicros ?? 0,
    unknownCount: amountMicros === null ? 1 : 0,
  });
}

/** A complete answer with the user who asked. */
export interface CompleteAnswer {
  generationId: string;
  userId: string | null;
  provider: AiProviderName;
  model: string;
  output: readonly ChatPart[];
  stopReason: StopReason;
  usage: TokenUsage;
}

/** Keeps an answer, unless it is too large or a refusal. @throws AppError `request.stale` when its generation is not stored as completed */
export async function keepAnswer(
  ctx: Ctx,
  { keyHash, seconds }: ReuseTerms,
  answer: CompleteAnswer,
): Promise<void> {
  const text = keptText(answer.output, answer.stopReason);
  if (text === null) return;
  const id = ctx.ids.create('aiAnswer');
  const createdAt = new Date(ctx.clock.now());
  const { provider, model, stopReason, usage, userId, generationId } = answer;
  const row = {
    id,
    organizationId: ctx.organizationId,
    userId,
    keyHash,
    provider,
    model,
    stopReason,
    sealedOutput: await ctx.vault.encrypt(text, associatedDataOf(id)),
    usage,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + seconds * 1000),
  };
  await ctx.commit({ write: (q) => upsertAnswer(q, row, generationId), result: undefined });
}
