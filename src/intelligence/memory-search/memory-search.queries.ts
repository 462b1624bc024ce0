import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { inTurn, type Queries } from '../../kernel/db/index.ts';
import { type MemoryReader, readableSpaces, type RecallFilter } from '../memory/index.ts';
import { memoryChunks, memorySettings } from '../memory/memory.tables.ts';
import { CANDIDATES, MAX_COMPARED } from './memory-search.rules.ts';
import { memoryVectors } from './memory-search.tables.ts';

export interface RecalledMemory {
  memoryId: string;
  passage: string;
  similarity: number | null;
  score: number;
}

/** The query of a recall. */
export interface RecallQuery {
  /** Null for a text without words. */
  words: string | null;
  /** Null when no embedding model answered. */
  meaning: { vector: string; model: string } | null;
}

/** The memories that a query finds for the reader, the best first. */
export function selectRecalled(
  q: Queries,
  reader: MemoryReader,
  { words, meaning }: RecallQuery,
  filter: RecallFilter & { minSimilarity: number | undefined; limit: number },
) {
  const { organizationId, now } = reader;
  return q.execute<{ memoryId: string; passage: string; similarity: number | null; score: number }>(sql`
    select memory_id as "memoryId", passage, similarity, score
    from recall_memories(${organizationId}, ${readableSpaces(reader, filter)}, ${words}, ${meaning?.vector ?? null}::halfvec,
      ${meaning?.model ?? null}, ${now.toISOString()}::timestamptz, ${CANDIDATES}, ${MAX_COMPARED})
    where ${filter.minSimilarity ?? null}::float8 is null or similarity >= ${filter.minSimilarity ?? null}::float8
    limit ${filter.limit}`);
}

/** Notes the use of recalled memories, because unused ones may be forgotten. */
export const noteUse = (q: Queries, { organizationId, now }: MemoryReader, memoryIds: readonly string[]) =>
  q.execute(
    sql`select use_memories(${organizationId}, ${sql.param([...memoryIds])}::text[], ${now.toISOString()}::timestamptz)`,
  );

/** Passages without a vector of the model, except those of people whose memory is switched off. */
const isUnembedded = (model: string) => sql`${memoryChunks.active}
  and not exists (select from ${memoryVectors} where ${memoryVectors.chunkId} = ${memoryChunks.id} and ${memoryVectors.model} = ${model})
  and (not starts_with(${memoryChunks.space}, 'person:') or exists (select from ${memorySettings}
    where ${memorySettings.organizationId} = ${memoryChunks.organizationId} and ${memorySettings.enabled}
      and 'person:' || ${memorySettings.userId} = ${memoryChunks.space}))`;

export const selectUnembedded = (q: Queries, organizationId: string, model: string, limit: number) =>
  q
    .select({ id: memoryChunks.id, text: memoryChunks.text })
    .from(memoryChunks)
    .where(and(eq(memoryChunks.organizationId, organizationId), isUnembedded(model)))
    .limit(limit);

export const selectOrganizationsUnembedded = (q: Queries, model: string, now: Date, limit: number) =>
  q
    .select({ organizationId: organizations.id })
    .from(organizations)
    .where(
      and(
        isNull(organizations.deletedAt),
        inArray(
          organizations.id,
          q.select({ id: memoryChunks.organizationId }).from(memoryChunks).where(isUnembedded(model)),
        ),
      ),
    )
    .orderBy(inTurn(organizations.id, now))
    .limit(limit);

/**
 * Stores vectors in place of those of other models; nothing for passages that are gone. A null vector stands for a
 * text that the model refuses, or that has no meaning.
 */
export const storeVectors = (
  q: Queries,
  organizationId: string,
  model: string,
  vectors: readonly { id: string; embedding: string | null }[],
  now: Date,
) =>
  q.execute(sql`
    insert into ${memoryVectors} (chunk_id, organization_id, space, model, embedding, embedded_at)
    select c.id, c.organization_id, c.space, ${model}, made.embedding::halfvec, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(vectors)}::jsonb) as made (id text, embedding text)
      join ${memoryChunks} c on c.id = made.id and c.organization_id = ${organizationId} and c.active
    on conflict (chunk_id) do update
      set model = excluded.model, embedding = excluded.embedding, embedded_at = excluded.embedded_at`);
