import { sql } from 'drizzle-orm';
import type { ErrorFactory } from '../../kernel/core/index.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import type { MemoryRow } from '../memory/index.ts';
import { memories } from '../memory/memory.tables.ts';

/** Most memories that are merged into one. */
const MAX_MERGED = 100;

interface Merge {
  organizationId: string;
  kept: Pick<MemoryRow, 'id' | 'version'>;
  mergedIds: readonly string[];
}

/**
 * Merges memories; the commit fails with `error` when one of them has changed since it was read, or cannot be merged.
 */
export const mergeInto = (q: Queries, { organizationId, kept, mergedIds }: Merge, error: ErrorFactory) =>
  mustHold(
    q,
    sql`merge_memories(${organizationId}, ${kept.id}, ${kept.version}::int, ${sql.param([...mergedIds])}::text[], ${MAX_MERGED}::int)`,
    error,
  );

/** Fails the commit of a merge with `error` when the memory to merge has changed since it was read. */
export const holdMerged = (q: Queries, { organizationId, id, version }: MemoryRow, error: ErrorFactory) =>
  mustHold(
    q,
    sql`exists (select from ${memories} where ${memories.organizationId} = ${organizationId} and ${memories.id} = ${id}
      and ${memories.version} = ${version}::int + 1)`,
    error,
  );

export const takeApart = (q: Queries, { organizationId, id, version }: MemoryRow, error: ErrorFactory) =>
  mustHold(q, sql`unmerge_memory(${organizationId}, ${id}, ${version}::int)`, error);

/** Memories of a space with exactly the same words. */
export const selectSame = (q: Queries, organizationId: string, space: string, limit: number) =>
  q.execute<{ id: string; version: number; mergedIds: string[] }>(sql`
    select kept_id as id, kept_version as version, merged_ids as "mergedIds"
    from find_same_memories(${organizationId}, ${space}, ${limit}::int, ${MAX_MERGED}::int)`);
