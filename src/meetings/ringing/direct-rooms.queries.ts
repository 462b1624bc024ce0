import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { requestErrors } from '../../platform/core/index.ts';
import { mustHold, type Queries } from '../../platform/db/index.ts';
import { rooms } from '../rooms/rooms.tables.ts';
import { between } from './ringing.queries.ts';
import { rings } from './ringing.tables.ts';

/** The pair's own room, while it is open. */
const isOfTwo = (organizationId: string, a: string, b: string | SQL): SQL =>
  and(
    eq(rooms.organizationId, organizationId),
    eq(rooms.status, 'open'),
    isNull(rooms.deletedAt),
    sql`${rooms.id} in (select ${rings.roomId} from ${rings} where ${between(organizationId, a, b)} and ${rings.direct})`,
  )!;

/** The pair's own room, while it is open: the newest, should there be more. */
export function findDirectRoom(q: Queries, organizationId: string, a: string, b: string | SQL) {
  return q
    .select({ roomId: rooms.id })
    .from(rooms)
    .where(isOfTwo(organizationId, a, b))
    .orderBy(desc(rooms.id))
    .limit(1);
}

/** Fails the commit with `request.stale` when the two have a room of their own by now; `lockPair` comes first. */
export function mustHaveNoRoom(q: Queries, organizationId: string, a: string, b: string) {
  const found = sql`select from ${rooms} where ${isOfTwo(organizationId, a, b)}`;
  return mustHold(q, sql`not exists (${found})`, requestErrors.stale);
}
