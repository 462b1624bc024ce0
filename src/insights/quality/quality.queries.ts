import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries, isAfter } from '../../kernel/db/index.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { callFeedback, qualitySamples, qualityTotals } from './quality.tables.ts';

export type SampleBatchRow = typeof qualitySamples.$inferSelect;
export type QualityTotalsRow = typeof qualityTotals.$inferSelect;
export type FeedbackRow = typeof callFeedback.$inferSelect;

/** Identifies a participant of a call by id, by identity, or by both. */
export interface ParticipantRef {
  callId: string;
  participantId?: string | undefined;
  identity?: string | undefined;
}

const matchesParticipant = (organizationId: string, { callId, participantId, identity }: ParticipantRef) =>
  and(
    eq(callParticipants.organizationId, organizationId),
    eq(callParticipants.callId, callId),
    participantId === undefined ? undefined : eq(callParticipants.id, participantId),
    identity === undefined ? undefined : eq(callParticipants.identity, identity),
  );

/** A participant with the times of their call and their totals so far. */
export function selectReportedParticipant(
  q: Queries,
  organizationId: string,
  participantRef: ParticipantRef,
) {
  return q
    .select({
      participantId: callParticipants.id,
      identity: callParticipants.identity,
      userId: callParticipants.userId,
      roomId: calls.roomId,
      callCreatedAt: calls.createdAt,
      callEndedAt: calls.endedAt,
      totals: qualityTotals,
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .leftJoin(qualityTotals, eq(qualityTotals.participantId, callParticipants.id))
    .where(matchesParticipant(organizationId, participantRef))
    .limit(1);
}

/** The participant's stored batch with this number on this connection. */
export function selectBatch(
  q: Queries,
  organizationId: string,
  participantRef: ParticipantRef,
  connection: string,
  sequence: number,
) {
  return q
    .select({ batch: qualitySamples })
    .from(qualitySamples)
    .innerJoin(callParticipants, eq(callParticipants.id, qualitySamples.participantId))
    .where(
      and(
        matchesParticipant(organizationId, participantRef),
        eq(qualitySamples.connection, connection),
        eq(qualitySamples.sequence, sequence),
      ),
    );
}

/** Stores a batch; fails with the unique key `quality_samples_batch_key` when it was stored meanwhile. */
export function insertBatch(q: Queries, row: typeof qualitySamples.$inferInsert) {
  return q.insert(qualitySamples).values(row);
}

/** Stores the totals if they still have the version that was read; otherwise the commit fails with `request.stale`. */
export function upsertTotals(q: Queries, row: QualityTotalsRow, previous: QualityTotalsRow | null) {
  const put = q
    .insert(qualityTotals)
    .values(row)
    .onConflictDoUpdate({
      target: qualityTotals.participantId,
      set: { ...row },
      setWhere: previous ? eq(qualityTotals.version, previous.version) : sql`false`,
    })
    .returning({ participantId: qualityTotals.participantId });
  return mustChange(q, put, requestErrors.stale);
}

/** Stores a participant's feedback; a second one replaces the first. */
export function upsertFeedback(q: Queries, row: FeedbackRow) {
  const { createdAt: _createdAt, ...set } = row;
  return q.insert(callFeedback).values(row).onConflictDoUpdate({ target: callFeedback.participantId, set });
}

/** The call, with the identity's participant if it took part. No row when there is no such call. */
export function selectCallAccess(
  q: Queries,
  organizationId: string,
  callId: string,
  identity: string | null,
) {
  const { id, callId: participantCallId } = callParticipants;
  return q
    .select({ callId: calls.id, participantId: id })
    .from(calls)
    .leftJoin(
      callParticipants,
      and(eq(participantCallId, calls.id), eq(callParticipants.identity, identity ?? '')),
    )
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId)));
}

/** The condition that the viewer took part in the call; null sees all. Nothing is read for a caller who did not. */
const isShownToParticipant = (callId: string, viewer: string | null) =>
  sql`(${viewer}::text is null
    or exists (select from call_participants r where r.call_id = ${callId} and r.identity = ${viewer}))`;

type SampleFilter = Omit<Partial<ParticipantRef>, 'identity'> & { userId: string | undefined };

/** Batches in the order in which they were received, only of one user if `userId` is given. */
export function selectBatches(
  q: Queries,
  organizationId: string,
  { callId, participantId, userId }: SampleFilter,
  { after, limit }: { after: string | undefined; limit: number },
) {
  return q
    .select({ batch: qualitySamples })
    .from(qualitySamples)
    .innerJoin(callParticipants, eq(callParticipants.id, qualitySamples.participantId))
    .where(
      and(
        eq(qualitySamples.organizationId, organizationId),
        callId === undefined ? undefined : eq(qualitySamples.callId, callId),
        participantId === undefined ? undefined : eq(qualitySamples.participantId, participantId),
        userId === undefined ? undefined : eq(callParticipants.userId, userId),
        isAfter(qualitySamples.id, after),
      ),
    )
    .orderBy(asc(qualitySamples.id))
    .limit(limit + 1);
}

/** All participants of the call, with their totals and feedback. */
export function selectParticipants(
  q: Queries,
  organizationId: string,
  callId: string,
  viewer: string | null,
) {
  return q
    .select({
      participantId: callParticipants.id,
      identity: callParticipants.identity,
      name: callParticipants.name,
      bytesSent: qualityTotals.bytesSent,
      bytesReceived: qualityTotals.bytesReceived,
      feedback: callFeedback,
    })
    .from(callParticipants)
    .leftJoin(qualityTotals, eq(qualityTotals.participantId, callParticipants.id))
    .leftJoin(callFeedback, eq(callFeedback.participantId, callParticipants.id))
    .where(and(matchesParticipant(organizationId, { callId }), isShownToParticipant(callId, viewer)))
    .orderBy(asc(callParticipants.id));
}

const minuteOf = sql`floor(extract(epoch from ${qualitySamples.endedAt}) / 60)`;

/**
 * The samples of a call between two moments, with the total size of all of them. When the total exceeds `budget`
 * characters, it reads every second, third … minute, the same minutes for all participants; at most twice the budget.
 */
export function selectMeasuredSamples(
  q: Queries,
  organizationId: string,
  callId: string,
  { from, to, budget, viewer }: { from: Date; to: Date; budget: number; viewer: string | null },
) {
  const within = and(
    eq(qualitySamples.organizationId, organizationId),
    eq(qualitySamples.callId, callId),
    gt(qualitySamples.endedAt, from),
    lt(qualitySamples.startedAt, to),
    isShownToParticipant(callId, viewer),
  );
  const total = sql<number>`coalesce(sum(${qualitySamples.size}), 0)::float8`.as('total');
  const first = sql<number>`min(${minuteOf})`.as('first');
  const extent = q.$with('extent').as(q.select({ total, first }).from(qualitySamples).where(within));
  const every = sql`greatest(1, ceil(${extent.total} / ${budget}::float8))::bigint`;
  const chosen = q.$with('chosen').as(
    q
      .select({
        id: qualitySamples.id,
        participantId: qualitySamples.participantId,
        samples: qualitySamples.samples,
        size: qualitySamples.size,
        total: extent.total,
        running: sql<number>`sum(${qualitySamples.size}) over (order by ${qualitySamples.id})`.as('running'),
      })
      .from(qualitySamples)
      .innerJoin(extent, sql`true`)
      .where(and(within, sql`(${minuteOf} - ${extent.first})::bigint % ${every} = 0`)),
  );
  return q
    .with(extent, chosen)
    .select()
    .from(chosen)
    .where(sql`${chosen.running} <= ${2 * budget}::float8`)
    .orderBy(asc(chosen.id));
}

/** Deletes at most `limit` of the batches stored before the moment, the oldest first. */
export function deleteOldBatches(q: Queries, before: Date, limit: number) {
  const { id, createdAt } = qualitySamples;
  const all = q.select({ id }).from(qualitySamples).where(lt(createdAt, before));
  return q.delete(qualitySamples).where(inArray(id, all.orderBy(asc(createdAt)).limit(limit)));
}
