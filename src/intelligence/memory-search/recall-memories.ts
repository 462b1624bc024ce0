import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Memory,
  type MemoryReader,
  requireReader,
  selectMemoriesWithin,
  toMemory,
  wordQueryOf,
} from '../memory/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { countTokens, embedTexts, hasTokensLeft } from './embed-texts.ts';
import { noteUse, type RecallQuery, selectRecalled } from './memory-search.queries.ts';
import { modelKeyOf } from './memory-search.rules.ts';
import type { RecallMemories, SearchedBy } from './memory-search.schemas.ts';

const PROVIDER_MS = 3_000;

export interface Recall {
  found: { found: Memory; passage: string; score: number; similarity: number | null }[];
  searchedBy: SearchedBy[];
}

/**
 * The vector of the query. Null when the plan has no tokens left, no embedding model is configured, or the model does
 * not answer or finds no meaning; the search by words works all the same.
 */
async function embedQuery(ctx: Ctx, query: string): Promise<RecallQuery['meaning']> {
  const { memoryEmbeddings: embeddings } = ctx.ports;
  if (!embeddings) return null;
  try {
    const [embedded, isLeft] = await Promise.all([
      embedTexts(ctx, embeddings, [query], 'query', PROVIDER_MS),
      hasTokensLeft(ctx),
    ]);
    ctx.after('memory.count_query', () =>
      ctx.commit({
        write: (q) => [countTokens(q, ctx.organizationId, embedded)],
        events: [embedded.event],
        result: undefined,
      }),
    );
    const [vector] = embedded.vectors;
    return vector && isLeft ? { vector, model: modelKeyOf(embeddings) } : null;
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    ctx.log.warn('memory.query_not_embedded', { error });
    return null;
  }
}

const noteRecalled = (ctx: Ctx, reader: MemoryReader, ids: readonly string[]) =>
  ctx.commit({ write: (q) => [noteUse(q, reader, ids)], result: undefined });

/** Finds the memories closest to a text, among those that the caller may see. @throws AppError `auth.forbidden` */
export async function recallMemories(
  ctx: Ctx,
  { query, scopes, agentId, roomId, limit, minSimilarity }: RecallMemories,
): Promise<Recall> {
  const reader = requireReader(ctx);
  const words = wordQueryOf(query);
  const meaning = await embedQuery(ctx, query);
  const filter = { scopes, agentId, roomId, minSimilarity, limit };
  const [{ rows }] = await ctx.read((q) => [selectRecalled(q, reader, { words, meaning }, filter)]);
  const ids = rows.map(({ memoryId }) => memoryId);
  const [memories] = ids.length === 0 ? [[]] : await ctx.read((q) => [selectMemoriesWithin(q, reader, ids)]);
  if (ids.length > 0) ctx.after('memory.note_use', () => noteRecalled(ctx, reader, ids));
  const byId = new Map(memories.map((row) => [row.memory.id, toMemory(row)]));
  return {
    found: rows.flatMap(({ memoryId, ...ranking }) => {
      const found = byId.get(memoryId);
      return found ? [{ found, ...ranking }] : [];
    }),
    searchedBy: meaning ? ['text', 'meaning'] : ['text'],
  };
}
