import type { Ctx } from '../../kernel/context/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { textsEmbedded } from './memory-search.events.ts';
import type { MemoryEmbeddings } from './memory-search.ports.ts';
import { modelKeyOf, toUnitVector } from './memory-search.rules.ts';

interface EmbeddedTexts {
  /** One for each text, in their order; null for a text without a meaning. */
  vectors: (string | null)[];
  /** Counts what it used. */
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
      detail: `${model} gave ${vectors.length} vectors for ${texts.length} texts`,
    });
  return {
    vectors: vectors.map((vector) => toUnitVector(vector, model)),
    event: textsEmbedded.of({
      requestId: ctx.ids.create('request'),
      model: modelKeyOf(embeddings),
      purpose,
      inputTokens,
      causedBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
      at: new Date(ctx.clock.now()).toISOString(),
    }),
  };
}
