import { and, asc, count, eq, inArray, notInArray, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { callConnections, calls, isOpenCall } from '../calls/calls.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';

/** That a call is open, or still has open connections. */
const isOpenOrConnected = (q: Queries) =>
  or(
    isOpenCall,
    inArray(
      calls.id,
      q
        .selectDistinct({ id: callConnections.callId })
        .from(callConnections)
        .where(sql`${callConnections.leftAt} is null`),
    ),
  );

/** The calls that the clusters' lists can say something of: those that are open, or still have open connections. */
export function selectCallsToSweep(q: Queries, clusters: readonly string[], limit: number) {
  return q
    .select({ id: calls.id, cluster: calls.cluster })
    .from(calls)
    .where(and(inArray(calls.cluster, [...clusters]), isOpenOrConnected(q)))
    .orderBy(sql`${calls.sweptAt} asc nulls first`, asc(calls.id))
    .limit(limit);
}

const isOrphaned = (q: Queries, clusters: readonly string[]) =>
  and(notInArray(calls.cluster, [...clusters]), isOpenOrConnected(q));

/** Calls on clusters that are none of ours any more: nobody can say what becomes of them. */
export function countOrphanedCalls(q: Queries, clusters: readonly string[]) {
  return q.select({ strays: count() }).from(calls).where(isOrphaned(q, clusters));
}

/** Of these, those of which nothing has been heard since `before`, the longest silent first. */
export function selectSilentOrphans(q: Queries, clusters: readonly string[], before: Date, limit: number) {
  const lastHeardAt = sql`greatest(${calls.updatedAt}, ${calls.sweptAt})`;
  return q
    .select({ id: calls.id })
    .from(calls)
    .where(and(isOrphaned(q, clusters), sql`${lastHeardAt} < ${before.toISOString()}::timestamptz`))
    .orderBy(sql`${lastHeardAt} asc`, asc(calls.id))
    .limit(limit);
}

/** How long the calls' rooms let them be empty, and last. */
export function selectCallTimeouts(q: Queries, callIds: readonly string[]) {
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
