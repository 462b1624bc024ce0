import { eq, isNotNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { changeVersioned, inTurn, type Queries, type Statement } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { memoryErrors } from './memory.errors.ts';
import type { MemoryRow } from './memory.rules.ts';
import { memories } from './memory.tables.ts';

/**
 * Forgets a memory that has not changed since it was read, with those that were merged into it and all that was
 * derived from them.
 */
export const forgetMemory = (q: Queries, row: MemoryRow): Statement[] => [
  changeVersioned(q, memories, row, {}, { error: memoryErrors.notFound }),
  forgetWhere(q, row.organizationId, sql`${memories.id} = ${row.id} or ${memories.mergedInto} = ${row.id}`),
];

/** Forgets the memories of an organization that match a condition, and all that was derived from them. */
const forgetWhere = (q: Queries, organizationId: string, condition: SQL) =>
  q.execute(sql`select forget_memories(${organizationId}, array(select ${memories.id}::text from ${memories}
    where ${memories.organizationId} = ${organizationId} and (${condition})))`);

export const forgetOfPerson = (q: Queries, organizationId: string, userId: string) =>
  forgetWhere(q, organizationId, eq(memories.userId, userId));

export const forgetOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  forgetWhere(q, organizationId, eq(memories.roomId, roomId));

/** A condition on `memories` and their `rooms`. */
const isOver = (now: Date) => or(lte(memories.expiresAt, now), isNotNull(rooms.deletedAt));

/** Organizations with memories that have expired, or whose room was deleted, each in turn. */
export const selectOrganizationsWithOver = (q: Queries, now: Date, limit: number) =>
  q
    .select({ organizationId: memories.organizationId })
    .from(memories)
    .leftJoin(rooms, eq(rooms.id, memories.roomId))
    .where(isOver(now))
    .groupBy(memories.organizationId)
    .orderBy(inTurn(memories.organizationId, now))
    .limit(limit);

/** Forgets some of the memories whose time is over. */
export const forgetOver = (q: Queries, organizationId: string, now: Date, limit: number) =>
  q.execute(sql`select forget_memories(${organizationId}, array(select ${memories.id}::text from ${memories}
    left join ${rooms} on ${rooms.id} = ${memories.roomId}
    where ${memories.organizationId} = ${organizationId} and ${isOver(now)} limit ${limit}))`);
