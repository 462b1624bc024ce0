import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { holdLimit } from '../../identity/entitlements/index.ts';
import { changeVersioned, isBefore, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import type { MemoryOwner, MemoryScope } from '../memory-scopes/index.ts';
import { memoryErrors } from './memory.errors.ts';
import {
  chunksOf,
  type CitedSource,
  type MemoryChunk,
  type MemoryReader,
  type MemoryRow,
  type SelectedMemory,
} from './memory.rules.ts';
import { memories, memoryChunks, memorySources } from './memory.tables.ts';
import { isReadable } from './readers.queries.ts';
import { keepVersion } from './versions.queries.ts';

/** The sources of the memory itself, and of those that were merged into it, without repetitions. */
const sourcesOf = sql<SelectedMemory['sources']>`(
  select coalesce(json_agg(json_build_object('kind', s.kind, 'sourceId', s.source_id, 'citedAt', s.cited_at,
    'passage', case when s.kind = 'transcript' then cited_passage(s.source_id, s.first, s.last, s.cited_at) end)
    order by s.cited_at, s.source_id), '[]')
  from (select s.kind, s.source_id, min(s.cited_at) as cited_at, min(s.first_position) as first, max(s.last_position) as last
    from ${memorySources} s
    where s.memory_id = memories.id or s.memory_id = any(array(select c.id from ${memories} c where c.merged_into = memories.id))
    group by s.kind, s.source_id) s)`;
const mergedFrom = sql<string[]>`(
  select coalesce(json_agg(c.id order by c.id), '[]') from ${memories} c where c.merged_into = memories.id)`;

export const selectMemoriesWithSources = (q: Queries) =>
  q.select({ memory: memories, sources: sourcesOf, mergedFrom }).from(memories);

export const selectMemory = (q: Queries, reader: MemoryReader, memoryId: string) =>
  selectMemoriesWithSources(q).where(and(isReadable(reader), eq(memories.id, memoryId)));

export const selectMemoriesWithin = (q: Queries, reader: MemoryReader, memoryIds: readonly string[]) =>
  selectMemoriesWithSources(q).where(and(isReadable(reader), inArray(memories.id, [...memoryIds])));

/**
 * The memories that the reader may see, the newest first; one more than `limit`. Merged ones are included only with
 * `merged`.
 */
export const selectMemories = (
  q: Queries,
  reader: MemoryReader,
  filter: Partial<Record<'agentId' | 'roomId' | 'mergedInto', string | undefined>> & {
    scope?: MemoryScope | undefined;
  },
  { before, limit }: { before: string | undefined; limit: number },
) =>
  selectMemoriesWithSources(q)
    .where(
      and(
        isReadable(reader),
        isBefore(memories.id, before),
        filter.scope && eq(memories.scope, filter.scope),
        filter.agentId ? eq(memories.agentId, filter.agentId) : undefined,
        filter.roomId ? eq(memories.roomId, filter.roomId) : undefined,
        filter.mergedInto ? eq(memories.mergedInto, filter.mergedInto) : isNull(memories.mergedInto),
      ),
    )
    .orderBy(desc(memories.id))
    .limit(limit + 1);

/** The memories of a space with these texts. */
export const selectMemoriesByHash = (
  q: Queries,
  organizationId: string,
  { space }: MemoryOwner,
  hashes: readonly string[],
) =>
  selectMemoriesWithSources(q).where(
    and(
      eq(memories.organizationId, organizationId),
      eq(memories.space, space),
      inArray(memories.contentHash, [...hashes]),
    ),
  );

const toChunkRow = ({ words, ...chunk }: MemoryChunk) => ({
  ...chunk,
  search: sql`to_tsvector('simple', ${words}) || array_to_tsvector(array[${chunk.organizationId}])`,
});

/** Inserts memories with their passages; the commit fails with `billing.limit_reached` when the plan allows fewer. */
export function insertMemories(q: Queries, rows: readonly MemoryRow[], now: Date): Statement[] {
  const [first] = rows;
  if (!first) return [];
  const { organizationId } = first;
  const counted = sql`select from generate_series(1, count_memories(${organizationId}))`;
  return [
    q.insert(memories).values([...rows]),
    q.insert(memoryChunks).values(rows.flatMap(chunksOf).map(toChunkRow)),
    ...holdLimit(q, { limit: 'memories', rows: counted, added: rows.length, organizationId, now }),
  ];
}

/** Locks the memories from which others are derived: their deletion waits, and so includes the derived ones. */
const lockParents = (q: Queries, organizationId: string, ids: readonly string[]) =>
  q
    .select({ id: memories.id })
    .from(memories)
    .where(and(eq(memories.organizationId, organizationId), inArray(memories.id, [...ids])))
    .orderBy(memories.id)
    .for('share');

/** Adds the sources to each of the memories that lacks them; the commit fails when one of the memories is gone. */
export function insertSources(
  q: Queries,
  rows: readonly Pick<MemoryRow, 'id' | 'organizationId' | 'space'>[],
  { kind, ids, passage }: CitedSource,
  now: Date,
): Statement[] {
  const cited = rows.flatMap(({ id: memoryId, organizationId, space }) =>
    ids.map((sourceId) => ({
      organizationId,
      memoryId,
      space,
      kind,
      sourceId,
      firstPosition: passage?.first ?? null,
      lastPosition: passage?.last ?? null,
      citedAt: now,
    })),
  );
  const { organizationId, space } = rows[0]!;
  return [
    ...(kind === 'memory' ? [lockParents(q, organizationId, ids)] : []),
    q.insert(memorySources).values(cited).onConflictDoNothing(),
    ...ids.map((sourceId) =>
      mustHold(
        q,
        sql`memory_source_stands(${organizationId}, ${space}, ${kind}, ${sourceId})`,
        memoryErrors.sourceNotFound,
      ),
    ),
  ];
}

export const changeMemory = (q: Queries, row: MemoryRow, set: Partial<MemoryRow>) =>
  changeVersioned(q, memories, row, set);

/** Replaces the passages of a memory, with their vectors, and keeps the earlier text. */
export const replaceText = (
  q: Queries,
  before: MemoryRow,
  after: MemoryRow,
  correctedBy: string,
): Statement[] => [
  ...keepVersion(q, before, { correctedBy, correctedAt: after.updatedAt }),
  q
    .delete(memoryChunks)
    .where(and(eq(memoryChunks.organizationId, before.organizationId), eq(memoryChunks.memoryId, before.id))),
  q.insert(memoryChunks).values(chunksOf(after).map(toChunkRow)),
];
