import { countIncluded, isIncludedLeft } from '../../calls/included-use/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { textsEmbedded } from './memory-search.events.ts';
import type { MemoryEmbeddings } from './memory-search.ports.ts';
import { modelKeyOf, toUnitVector } from './memory-search.rules.ts';

export interface EmbeddedTexts {
  /** One for each text, in order; null for a text without a meaning. */
  vectors: (string | null)[];
  /** Tokens that were used. */
  inputTokens: number;
  /** When it was done. */
  at: Date;
  /** The event that counts the tokens. */
  event: DomainEvent;
}

/**
 * Turns texts into vectors.
 * @throws ProviderFailure
 */
export async function embedTexts(
  ctx: Ctx,
  embeddings: MemoryEmbeddings,
  texts: readonly string[],
  purpose: 'document' | 'query',
  timeLimitMs: number,
): Promise<EmbeddedTexts> {
  const { model } = embeddings;
  const { vectors, inputTokens } = await embeddings
    .of(ctx.organizationId)
    .embed({ model, texts, purpose }, AbortSignal.timeout(timeLimitMs));
  if (vectors.length !== texts.length)
    throw new ProviderFailure('embeddings', 'malformed', {
      detail: `${model} returned ${vectors.length} vectors for ${texts.length} texts`,
    });
  const at = new Date(ctx.clock.now());
  return {
    inputTokens,
    at,
    vectors: vectors.map((vector) => toUnitVector(vector, model)),
    event: textsEmbedded.of({
      requestId: ctx.ids.create('request'),
      model: modelKeyOf(embeddings),
      purpose,
      inputTokens,
      causedBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
      at: at.toISOString(),
    }),
  };
}

/** Counts tokens against the plan, in the commit of their event. */
export const countTokens = (
  q: Queries,
  organizationId: string,
  { inputTokens, at }: Pick<EmbeddedTexts, 'inputTokens' | 'at'>,
) => countIncluded(q, { organizationId, at }, [{ meter: 'embedded_tokens', quantity: inputTokens }]);

/** Whether the plan of the organization has any tokens left. */
export async function hasTokensLeft(ctx: Ctx): Promise<boolean> {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [{ rows }] = await ctx.read((q) => [isIncludedLeft(q, { organizationId, now }, 'embedded_tokens')]);
  return rows[0]!.isLeft;
}
