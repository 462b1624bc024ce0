import { and, desc, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';

const hasPersonWhere = (condition: SQL): SQL =>
  sql`exists (select from ${roomPeople} where ${roomPeople.roomId} = ${rooms.id} and ${condition})`;

/**
 * Condition: the room is the open direct room of the pair. Excludes rooms from which either was removed, and rooms that
 * the other created while the caller had blocked them.
 */
function isDirectRoomOfPair(organizationId: string, callerId: string, otherId: string | SQL): SQL {
  const isCallerListed = hasPersonWhere(eq(roomPeople.identity, callerId));
  const isRemoved = sql`${roomPeople.identity} in (${callerId}, ${otherId}) and ${roomPeople.removedAt} is not null`;
  return and(
    eq(rooms.organizationId, organizationId),
    eq(rooms.status, 'open'),
    isNull(rooms.deletedAt),
    or(
      and(eq(rooms.createdBy, callerId), eq(rooms.directFor, otherId)),
      and(eq(rooms.createdBy, otherId), eq(rooms.directFor, callerId), isCallerListed),
    ),
    sql`not ${hasPersonWhere(isRemoved)}`,
  )!;
}

/** The pair's open direct room; the newest if there are several. Needs the caller's scope. */
export function selectDirectRoom(
  q: Queries,
  organizationId: string,
  callerId: string,
  otherId: string | SQL,
) {
  return q
    .select({ roomId: rooms.id })
    .from(rooms)
    .where(isDirectRoomOfPair(organizationId, callerId, otherId))
    .orderBy(desc(rooms.id))
    .limit(1);
}

/** Fails the commit with `request.stale` when the pair already has a direct room. Call `lockPair` first. */
export function mustHaveNoDirectRoom(q: Queries, organizationId: string, callerId: string, otherId: string) {
  const found = sql`select from ${rooms} where ${isDirectRoomOfPair(organizationId, callerId, otherId)}`;
  return mustHold(q, sql`not exists (${found})`, requestErrors.stale);
}
