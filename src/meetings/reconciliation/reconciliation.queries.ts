import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Queries } from '../../platform/db/index.ts';
import { callConnections, calls } from '../calls/calls.tables.ts';
import { rooms } from '../rooms/rooms.tables.ts';

/** The calls that the clusters' lists can say something of: those that are open, or still have open connections. */
export function callsToSweep(q: Queries, limit: number) {
  return q
    .select({ id: calls.id, cluster: calls.cluster })
    .from(calls)
    .where(
      or(
        inArray(calls.status, ['waiting', 'active']),
        inArray(
          calls.id,
          q
            .selectDistinct({ id: callConnections.callId })
            .from(callConnections)
            .where(sql`${callConnections.leftAt} is null`),
        ),
      ),
    )
    .orderBy(sql`${calls.sweptAt} asc nulls first`, asc(calls.id))
    .limit(limit);
}

/** How long the calls' rooms let them be empty, and last. */
export function timeoutsOf(q: Queries, callIds: readonly string[]) {
  return q
    .select({
      callId: calls.id,
      emptySeconds: rooms.emptyTimeoutSeconds,
      longestSeconds: rooms.maxDurationSeconds,
    })
    .from(calls)
    .innerJoin(rooms, and(eq(rooms.id, calls.roomId)))
    .where(inArray(calls.id, [...callIds]));
}
