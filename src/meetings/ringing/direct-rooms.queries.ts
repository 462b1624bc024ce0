import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../platform/core/index.ts';
import { mustHold, type Queries } from '../../platform/db/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import { between } from './ringing.queries.ts';
import { rings } from './ringing.tables.ts';

const FOR = 'for:';

/**
 * Under this name a direct room's people hold whom it was made for: nobody's identity, so it gives nobody anything, and
 * no change of a role touches it. Rings are forgotten, and roles say too little: others get some, who blocks gets none.
 */
export const whomFor = (userId: string): string => FOR + userId;

const personIs = (condition: SQL): SQL =>
  sql`exists (select from ${roomPeople} where ${roomPeople.roomId} = ${rooms.id} and ${condition})`;

/**
 * Whether a room is the open one of a caller's and another's own, as a condition. Not one that either is kept out of,
 * nor one that the other made and the caller never heard of, having blocked them.
 */
function isOfTwo(organizationId: string, callerId: string, otherId: string | SQL): SQL {
  const madeFor = (userId: string | SQL) =>
    sql`(${roomPeople.userId} = ${userId} and ${roomPeople.identity} = ${FOR}::text || ${userId}::text)`;
  const either = sql`(${callerId}, ${otherId})`;
  return and(
    eq(rooms.organizationId, organizationId),
    eq(rooms.direct, true),
    eq(rooms.status, 'open'),
    isNull(rooms.deletedAt),
    sql`${rooms.createdBy} in ${either}`,
    // Of a room that does not say so itself yet, the rings tell whom it is for.
    sql`${rooms.id} in (
      select ${roomPeople.roomId} from ${roomPeople} where ${madeFor(callerId)} or ${madeFor(otherId)}
      union select ${rings.roomId} from ${rings}
      where ${between(organizationId, callerId, otherId)} and ${rings.direct})`,
    sql`(${rooms.createdBy} = ${callerId} or ${personIs(eq(roomPeople.identity, callerId))})`,
    sql`not ${personIs(sql`${roomPeople.identity} in ${either} and ${roomPeople.removedAt} is not null`)}`,
  )!;
}

/** The pair's own room, while it is open: the newest, should there be more. In the caller's scope. */
export function findDirectRoom(q: Queries, organizationId: string, callerId: string, otherId: string | SQL) {
  return q
    .select({ id: rooms.id, createdBy: rooms.createdBy })
    .from(rooms)
    .where(isOfTwo(organizationId, callerId, otherId))
    .orderBy(desc(rooms.id))
    .limit(1);
}

/** Fails the commit with `request.stale` when the two have a room of their own by now; `lockPair` comes first. */
export function mustHaveNoRoom(q: Queries, organizationId: string, callerId: string, otherId: string) {
  const found = sql`select from ${rooms} where ${isOfTwo(organizationId, callerId, otherId)}`;
  return mustHold(q, sql`not exists (${found})`, requestErrors.stale);
}
