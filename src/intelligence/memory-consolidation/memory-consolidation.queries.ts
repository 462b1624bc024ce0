import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import { memories } from '../memory/memory.tables.ts';
import {
  type ConsolidationSettings,
  type DueSpace,
  memoryConsolidations,
  memoryConsolidationSettings,
} from './memory-consolidation.tables.ts';

const isOf = (organizationId: string, space: string) =>
  and(
    eq(memoryConsolidationSettings.organizationId, organizationId),
    eq(memoryConsolidationSettings.space, space),
  );

export const selectSettings = (q: Queries, organizationId: string, space: string) =>
  q.select().from(memoryConsolidationSettings).where(isOf(organizationId, space));

/**
 * Stores the settings if they have not changed since they were read; otherwise the commit fails with `request.stale`.
 */
export function changeSettings(
  q: Queries,
  before: ConsolidationSettings | undefined,
  after: ConsolidationSettings,
) {
  const returned = { space: memoryConsolidationSettings.space };
  const change = before
    ? q
        .update(memoryConsolidationSettings)
        .set(after)
        .where(
          and(
            isOf(before.organizationId, before.space),
            eq(memoryConsolidationSettings.version, before.version),
          ),
        )
        .returning(returned)
    : q.insert(memoryConsolidationSettings).values(after).onConflictDoNothing().returning(returned);
  return mustChange(q, change, requestErrors.stale);
}

/** Makes spaces with memories due; those that are due earlier stay so. `space` undefined: all of the organization. */
export const markDue = (
  q: Queries,
  { organizationId, space }: { organizationId: string; space?: string | undefined },
  dueAt: Date,
) => {
  const isOne = space !== undefined;
  // One memory names the owner of its space, however many there are.
  const spaces = sql`select distinct on (m.space) m.space, m.user_id, m.agent_id, m.room_id
    from ${memories} m where m.organization_id = ${organizationId} ${isOne ? sql`and m.space = ${space}` : sql``}
    order by m.space ${isOne ? sql`limit 1` : sql``}`;
  return q.execute(sql`
    insert into ${memoryConsolidations} (organization_id, space, user_id, agent_id, room_id, due_at)
    select ${organizationId}, owned.space, owned.user_id, owned.agent_id, owned.room_id, ${dueAt.toISOString()}::timestamptz
    from (${spaces}) owned
    on conflict (organization_id, space) do update
      set due_at = least(${memoryConsolidations}.due_at, excluded.due_at)`);
};

/** The due spaces, each organization in turn. */
export const selectDueSpaces = (q: Queries, now: Date, limit: number) =>
  q
    .select({ space: memoryConsolidations })
    .from(memoryConsolidations)
    .innerJoin(organizations, eq(organizations.id, memoryConsolidations.organizationId))
    .where(and(lte(memoryConsolidations.dueAt, now), isNull(organizations.deletedAt)))
    .orderBy(inTurn(memoryConsolidations.organizationId, now), asc(memoryConsolidations.dueAt))
    .limit(limit);

/** Sets when a space is due next, unless it became due meanwhile; null: at its next change. */
export const settleDue = (q: Queries, { organizationId, space, dueAt }: DueSpace, next: Date | null) => {
  const isSame = and(
    eq(memoryConsolidations.organizationId, organizationId),
    eq(memoryConsolidations.space, space),
    eq(memoryConsolidations.dueAt, dueAt),
  );
  return next === null
    ? q.delete(memoryConsolidations).where(isSame)
    : q.update(memoryConsolidations).set({ dueAt: next }).where(isSame);
};

/** Memories that were stored before word hashes existed. */
export const selectUnhashed = (q: Queries, organizationId: string, space: string, limit: number) =>
  q
    .select({ id: memories.id, content: memories.content, contentHash: memories.contentHash })
    .from(memories)
    .where(
      and(
        eq(memories.organizationId, organizationId),
        eq(memories.space, space),
        isNull(memories.wordHash),
        isNull(memories.mergedInto),
      ),
    )
    .limit(limit);

export const storeWordHashes = (
  q: Queries,
  organizationId: string,
  hashes: readonly { id: string; contentHash: string; wordHash: string }[],
) => q.execute(sql`select store_word_hashes(${organizationId}, ${JSON.stringify(hashes)}::jsonb)`);

/** Forgets some of the unused or surplus memories of a space. */
export const forgetUnused = (
  q: Queries,
  { organizationId, space }: DueSpace,
  { since, mostMemories, limit }: { since: Date | null; mostMemories: number | null; limit: number },
) =>
  q.execute<{ found: number }>(sql`
    select forget_unused_memories(${organizationId}, ${space}, ${since?.toISOString() ?? null}::timestamptz,
      ${mostMemories}::int, ${limit}::int)::int as found`);

export const selectUnused = (
  q: Queries,
  { organizationId, space }: DueSpace,
  { since, mostMemories }: { since: Date | null; mostMemories: number | null },
) =>
  q.execute<{ isAny: boolean }>(sql`
    select (${since?.toISOString() ?? null}::timestamptz is not null and exists (
        select from ${memories} m where m.organization_id = ${organizationId} and m.space = ${space} and m.merged_into is null
          and greatest(m.used_at, m.updated_at) < ${since?.toISOString() ?? null}::timestamptz))
      or (select count(*) from ${memories} m where m.organization_id = ${organizationId} and m.space = ${space}
          and m.merged_into is null) > ${mostMemories}::int as "isAny"`);
