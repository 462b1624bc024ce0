import { and, asc, eq, gt, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { callConnections, callParticipants, calls, callTracks } from '../../calls/calls/calls.tables.ts';
import { qualityTotals } from '../../insights/quality/quality.tables.ts';
import { analyticsCalls, analyticsDirty, analyticsParticipations } from './rollups.tables.ts';

export type MeasuredCall = typeof analyticsCalls.$inferInsert;
export type Participation = typeof analyticsParticipations.$inferInsert;

/** A call, and its earlier record. */
export function selectCallToMeasure(q: Queries, organizationId: string, callId: string) {
  return q
    .select({
      call: {
        id: calls.id,
        roomId: calls.roomId,
        region: calls.region,
        startedAt: calls.startedAt,
        endedAt: calls.endedAt,
        endReason: calls.endReason,
        peakParticipants: calls.peakParticipants,
      },
      measured: analyticsCalls,
    })
    .from(calls)
    .leftJoin(analyticsCalls, eq(analyticsCalls.callId, calls.id))
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId)));
}

/** The participants of a call who were connected, with their times and bytes. */
export function selectConnectedParticipants(q: Queries, organizationId: string, callId: string) {
  const running = sql<string>`coalesce((
    select sum(greatest(0, extract(epoch from k.ended_at - c.joined_at) * 1000))
    from ${callConnections} c join ${calls} k on k.id = c.call_id
    where c.participant_id = ${callParticipants.id} and c.left_at is null and c.connected), 0)`;
  return q
    .select({
      id: callParticipants.id,
      identity: callParticipants.identity,
      kind: callParticipants.kind,
      role: callParticipants.role,
      userId: callParticipants.userId,
      region: callParticipants.region,
      connectedMs: callParticipants.connectedMs,
      /** For connections whose end is not known yet: until the end of the call. */
      runningMs: running,
      bytesSent: qualityTotals.bytesSent,
      bytesReceived: qualityTotals.bytesReceived,
    })
    .from(callParticipants)
    .leftJoin(qualityTotals, eq(qualityTotals.participantId, callParticipants.id))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.callId, callId),
        isNotNull(callParticipants.joinedAt),
      ),
    )
    .orderBy(asc(callParticipants.id));
}

/** The sources of the tracks that were published in a call. */
export function selectTrackSources(q: Queries, organizationId: string, callId: string) {
  return q
    .selectDistinct({ source: callTracks.source })
    .from(callTracks)
    .where(and(eq(callTracks.organizationId, organizationId), eq(callTracks.callId, callId)));
}

/** Deletes the record of a call, with its participations; fails with `request.stale` when it has changed. */
export function deleteMeasuredCall(q: Queries, { organizationId, callId, measuredAt }: MeasuredCall) {
  const deleted = q
    .delete(analyticsCalls)
    .where(
      and(
        eq(analyticsCalls.organizationId, organizationId),
        eq(analyticsCalls.callId, callId),
        eq(analyticsCalls.measuredAt, measuredAt),
      ),
    )
    .returning({ callId: analyticsCalls.callId });
  return mustChange(q, deleted, requestErrors.stale);
}

export const insertMeasuredCall = (q: Queries, row: MeasuredCall) => q.insert(analyticsCalls).values(row);

export const insertParticipations = (q: Queries, rows: readonly Participation[]) =>
  q.insert(analyticsParticipations).values([...rows]);

/**
 * Marks the rollups in which the moments lie. A moment that is marked already is not changed, but it is locked: a
 * refresh waits for this commit and includes its changes.
 */
export function markDirty(q: Queries, organizationId: string, moments: readonly Date[], since: Date) {
  const distinct = [...new Set(moments.map((moment) => moment.getTime()))].toSorted((a, b) => a - b);
  const rows = distinct.map((ms) => ({ organizationId, moment: new Date(ms), since }));
  return q
    .insert(analyticsDirty)
    .values(rows)
    .onConflictDoUpdate({
      target: [analyticsDirty.organizationId, analyticsDirty.moment],
      set: { since: sql`${analyticsDirty.since}` },
    });
}

/**
 * Calls that ended since `since` and are not recorded, because an event was missed, or whose samples arrived after they
 * were recorded.
 */
export function selectCallsToMeasureAgain(q: Queries, since: Date, limit: number) {
  const newerSamples = q
    .select({ found: sql`1` })
    .from(qualityTotals)
    .where(and(eq(qualityTotals.callId, calls.id), gt(qualityTotals.updatedAt, analyticsCalls.measuredAt)));
  return q
    .select({ id: calls.id, organizationId: calls.organizationId })
    .from(calls)
    .leftJoin(analyticsCalls, eq(analyticsCalls.callId, calls.id))
    .where(
      and(
        gt(calls.endedAt, since),
        isNotNull(calls.startedAt),
        or(isNull(analyticsCalls.callId), sql`exists ${newerSamples}`),
      ),
    )
    .orderBy(asc(calls.endedAt))
    .limit(limit);
}
