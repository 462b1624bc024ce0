import { and, eq, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { MemoryRow } from './memory.rules.ts';
import { memories, memoryChunks } from './memory.tables.ts';

/**
 * Releases merged memories of other authors, so that they are found again, before a person who does not manage
 * memories changes the one into which they were merged.
 * @param author null for those who may change all of it
 */
export const releaseMerged = (q: Queries, { id, organizationId }: MemoryRow, author: string | null) =>
  author === null ? [] : [q.execute(sql`select release_merged(${organizationId}, ${id}, ${author})`)];

/** Memories that are merged together are forgotten at the same time. */
export const changeExpiryOfMerged = (
  q: Queries,
  { id, organizationId, mergedInto }: MemoryRow,
  expiresAt: Date | null,
) => {
  const kept = mergedInto ?? id;
  return q
    .update(memories)
    .set({ expiresAt })
    .where(
      and(
        eq(memories.organizationId, organizationId),
        or(eq(memories.id, kept), eq(memories.mergedInto, kept)),
      ),
    );
};

/** Makes a memory found again. */
export const activate = (q: Queries, { id, organizationId }: MemoryRow) =>
  q
    .update(memoryChunks)
    .set({ active: true })
    .where(and(eq(memoryChunks.organizationId, organizationId), eq(memoryChunks.memoryId, id)));

/** Forgets a memory that only another one supported, and that is no longer merged into it. */
export const forgetUnsupported = (
  q: Queries,
  memoryId: string,
  { organizationId }: { organizationId: string },
) =>
  q.execute(
    sql`select forget_memories(${organizationId}, unsupported_memories(${organizationId}, array[${memoryId}]))`,
  );
