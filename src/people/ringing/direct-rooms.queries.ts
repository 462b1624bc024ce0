import { and, desc, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';

const hasPersonWhere = (condition: SQL): SQL =>
  sql`exists (select from ${roomPeople} where ${roomPeople.roomId} = ${rooms.id} and ${condition})`;

/**
 * Whether a room is the open one of a caller's and another's own, as a condition. Not one that either is kept out of,
 * nor one that the other made and the caller never heard of, having blocked them.
 */
function isDirectRoomOfPair(organizationId: string, callerId: string, otherId: string | SQL): SQL {
  const isCallerListed = hasPersonWhere(eq(roomPeople.identity, callerId));
  const isKeptOut = sql`${roomPeople.identity} in (${callerId}, ${otherId}) and ${roomPeople.removedAt} is not null`;
  return and(
    eq(rooms.organizationId, organizationId),
    eq(rooms.status, 'open'),
    isNull(rooms.deletedAt),
    or(
      and(eq(rooms.createdBy, callerId), eq(rooms.directFor, otherId)),
      and(eq(rooms.createdBy, otherId), eq(rooms.directFor, callerId), isCallerListed),
    ),
    sql`not ${hasPersonWhere(isKeptOut)}`,
  )!;
}

/** The pair's own room, while it is open: the newest, should there be more. In the caller's scope. */
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

/** Fails the commit with `request.stale` when the two have a room of their own by now; `lockPair` comes first. */
export function mustHaveNoDirectRoom(q: Queries, organizationId: string, callerId: string, otherId: string) {
  const found = sql`select from ${rooms} where ${isDirectRoomOfPair(organizationId, callerId, otherId)}`;
  return mustHold(q, sql`not exists (${found})`, requestErrors.stale);
}
