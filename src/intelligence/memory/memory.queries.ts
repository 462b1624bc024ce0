import { and, desc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { holdLimit } from '../../identity/entitlements/index.ts';
import { changeVersioned, isBefore, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import type { MemoryScope } from './memory.enums.ts';
import { memoryErrors } from './memory.errors.ts';
import {
  chunksOf,
  type CitedSource,
  type MemoryChunk,
  type MemoryOwner,
  type MemoryReader,
  type MemoryRow,
  type SelectedMemory,
} from './memory.rules.ts';
import { memories, memoryChunks, memorySettings, memorySources } from './memory.tables.ts';
import { keepVersion } from './versions.queries.ts';

/** The rooms that show to the reader, and from which they were not removed; a condition on `rooms`. */
const isOpenRoom = ({ organizationId, identity, roomViewer }: MemoryReader): SQL =>
  sql`${rooms.organizationId} = ${organizationId} and ${rooms.deletedAt} is null and ${isShownTo(roomViewer) ?? sql`true`}
    and not exists (select from ${roomPeople} where ${roomPeople.roomId} = ${rooms.id}
      and ${roomPeople.identity} = ${identity} and ${roomPeople.removedAt} is not null)`;

/** Whether a memory shows to the reader, who may be anybody with the permission to read memories. */
export function isReadable(reader: MemoryReader): SQL {
  const { organizationId, userId, now } = reader;
  return and(
    eq(memories.organizationId, organizationId),
    or(isNull(memories.expiresAt), gt(memories.expiresAt, now)),
    or(
      eq(memories.scope, 'organization'),
      userId === null ? undefined : and(eq(memories.scope, 'person'), eq(memories.userId, userId)),
      and(
        eq(memories.scope, 'room'),
        sql`exists (select from ${rooms} where ${rooms.id} = ${memories.roomId} and ${isOpenRoom(reader)})`,
      ),
    ),
  )!;
}

export interface RecallFilter {
  scopes: readonly MemoryScope[];
  roomId: string | undefined;
}

/** The spaces whose memories show to the reader, as an array; the person's own only while they have it switched on. */
export function readableSpaces(reader: MemoryReader, { scopes, roomId }: RecallFilter): SQL {
  const { organizationId, userId } = reader;
  const ofRooms = sql`select 'room:' || ${rooms.id} from ${rooms} where ${isOpenRoom(reader)}
    and exists (select from ${memories} where ${memories.roomId} = ${rooms.id})
    and ${roomId === undefined ? sql`true` : sql`${rooms.id} = ${roomId}`}`;
  const ofPerson = sql`select 'person:' || ${memorySettings.userId} from ${memorySettings} where ${memorySettings.enabled}
    and ${memorySettings.organizationId} = ${organizationId} and ${memorySettings.userId} = ${userId}`;
  const parts = {
    organization: sql`select 'organization'`,
    person: userId === null ? undefined : ofPerson,
    room: ofRooms,
  };
  const selected = scopes.map((scope) => parts[scope]).filter((part) => part !== undefined);
  return selected.length === 0
    ? sql`'{}'::text[]`
    : sql`array(${sql.join(selected, sql` union all `)})::text[]`;
}

/** The own ones, and those of the memories that were merged into it; each once. */
const sourcesOf = sql<SelectedMemory['sources']>`(
  select coalesce(json_agg(json_build_object('kind', s.kind, 'sourceId', s.source_id, 'citedAt', s.cited_at)
    order by s.cited_at, s.source_id), '[]')
  from (select s.kind, s.source_id, min(s.cited_at) as cited_at from ${memorySources} s
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

/** The memories that show to the reader, the newest first; one more than `limit`. Those that were merged are found with `merged`. */
export const selectMemories = (
  q: Queries,
  reader: MemoryReader,
  filter: { scope?: MemoryScope | undefined; roomId?: string | undefined; mergedInto?: string | undefined },
  { before, limit }: { before: string | undefined; limit: number },
) =>
  selectMemoriesWithSources(q)
    .where(
      and(
        isReadable(reader),
        isBefore(memories.id, before),
        filter.scope && eq(memories.scope, filter.scope),
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

/** Inserts memories with their passages; the commit fails with `billing.limit_reached` when there would be more than the plan allows. */
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

/** Locks what memories are derived from: deleting it waits, and so finds what was derived, too. */
const lockParents = (q: Queries, organizationId: string, ids: readonly string[]) =>
  q
    .select({ id: memories.id })
    .from(memories)
    .where(and(eq(memories.organizationId, organizationId), inArray(memories.id, [...ids])))
    .orderBy(memories.id)
    .for('share');

/** Adds the sources to each of the memories that does not have them yet; the commit fails when one of them is gone. */
export function insertSources(
  q: Queries,
  rows: readonly Pick<MemoryRow, 'id' | 'organizationId' | 'space'>[],
  { kind, ids }: CitedSource,
  now: Date,
): Statement[] {
  const cited = rows.flatMap(({ id: memoryId, organizationId, space }) =>
    ids.map((sourceId) => ({ organizationId, memoryId, space, kind, sourceId, citedAt: now })),
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

/** Replaces the passages of a memory, with their vectors, and keeps what it said before. */
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
