import { eq, type SQL, sql } from 'drizzle-orm';
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

/**
 * Organizations with memories that have expired, or whose room was deleted, each in turn. The rooms that have memories
 * are found one after the other by the index, however many memories each has.
 */
export const selectOrganizationsWithOver = (q: Queries, now: Date, limit: number) =>
  q.execute<{ organizationId: string }>(sql`
    with recursive owners(room_id) as (
      select min(${memories.roomId}) from ${memories}
      union all
      select (select min(m.room_id) from ${memories} m where m.room_id > owners.room_id) from owners where owners.room_id is not null
    ), over_ones(organization_id) as (
      select ${memories.organizationId} from ${memories} where ${memories.expiresAt} <= ${now.toISOString()}::timestamptz
      union
      select ${rooms.organizationId} from owners join ${rooms} on ${rooms.id} = owners.room_id and ${rooms.deletedAt} is not null
    )
    select organization_id as "organizationId" from over_ones
    order by ${inTurn(sql`organization_id`, now)} limit ${limit}`);

/** Forgets some of the memories whose time is over. */
export const forgetOver = (q: Queries, organizationId: string, now: Date, limit: number) =>
  q.execute(sql`select forget_memories(${organizationId}, array(
    (select ${memories.id}::text from ${memories}
      where ${memories.organizationId} = ${organizationId} and ${memories.expiresAt} <= ${now.toISOString()}::timestamptz limit ${limit})
    union
    (select ${memories.id}::text from ${rooms} join ${memories} on ${memories.roomId} = ${rooms.id}
      where ${rooms.organizationId} = ${organizationId} and ${rooms.deletedAt} is not null limit ${limit})
    limit ${limit}))`);
