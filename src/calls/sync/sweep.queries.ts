import { and, asc, count, inArray, notInArray, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { callConnections, calls, isOpenCall } from '../calls/calls.tables.ts';

/** A call is open, or has connections that are. */
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

/** Calls on these clusters that are open or have open connections, those not swept for longest first. */
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

/** How many calls that are open or have open connections are on clusters that are not configured any more. */
export function countOrphanedCalls(q: Queries, clusters: readonly string[]) {
  return q.select({ orphaned: count() }).from(calls).where(isOrphaned(q, clusters));
}

/** Orphaned calls that no event or list has reported on since `before`, the longest silent first. */
export function selectSilentOrphans(q: Queries, clusters: readonly string[], before: Date, limit: number) {
  const lastReportAt = sql`greatest(${calls.updatedAt}, ${calls.sweptAt})`;
  return q
    .select({ id: calls.id })
    .from(calls)
    .where(and(isOrphaned(q, clusters), sql`${lastReportAt} < ${before.toISOString()}::timestamptz`))
    .orderBy(sql`${lastReportAt} asc`, asc(calls.id))
    .limit(limit);
}
