import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { callFeedback, qualitySamples, qualityTotals } from './quality.tables.ts';

export type SampleBatchRow = typeof qualitySamples.$inferSelect;
export type QualityTotalsRow = typeof qualityTotals.$inferSelect;
export type FeedbackRow = typeof callFeedback.$inferSelect;

/** Who is meant in a call: by id, by identity, or by both. */
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

/** A participant with their call's span and their totals so far. */
export function selectReportedParticipant(
  q: Queries,
  organizationId: string,
  participantRef: ParticipantRef,
) {
  return q
    .select({
      participantId: callParticipants.id,
      identity: callParticipants.identity,
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

/** The batch of the participant that has this number on this connection. */
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

/** Fails with the unique key `quality_samples_batch_key` when the batch is there by now. */
export function insertBatch(q: Queries, row: typeof qualitySamples.$inferInsert) {
  return q.insert(qualitySamples).values(row);
}

/** Stores the totals if they are still those that were read; otherwise the commit fails with `request.stale`. */
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

/** One text for each participant: a second one replaces the first. */
export function upsertFeedback(q: Queries, row: FeedbackRow) {
  const { createdAt: _createdAt, ...set } = row;
  return q.insert(callFeedback).values(row).onConflictDoUpdate({ target: callFeedback.participantId, set });
}

/** Whether the call is there, and whether the identity was in it. */
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

/** That `reach` was in the call, where anybody must have been: nothing is read for a stranger. */
const visibleTo = (callId: string, viewer: string | null) =>
  sql`(${viewer}::text is null
    or exists (select from call_participants r where r.call_id = ${callId} and r.identity = ${viewer}))`;

type SampleFilter = Omit<Partial<ParticipantRef>, 'identity'> & { userId: string | undefined };

/** Batches in the order they came, of one person alone when they are named. */
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
        after === undefined ? undefined : gt(qualitySamples.id, after),
      ),
    )
    .orderBy(asc(qualitySamples.id))
    .limit(limit);
}

/** Everybody who was in the call, with their totals and what they said of it. */
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
    .where(and(matchesParticipant(organizationId, { callId }), visibleTo(callId, viewer)))
    .orderBy(asc(callParticipants.id));
}

const minuteOf = sql`floor(extract(epoch from ${qualitySamples.endedAt}) / 60)`;

/**
 * What was measured in a call between two moments, with the size of all of it. When that is more than `budget`
 * characters, every second minute of it, every third …, the same for everybody; and never more than twice the budget.
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
    visibleTo(callId, viewer),
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

/** Forgets batches that were kept before the moment. */
export function deleteOldBatches(q: Queries, before: Date, limit: number) {
  const { id, createdAt } = qualitySamples;
  const all = q.select({ id }).from(qualitySamples).where(lt(createdAt, before));
  return q.delete(qualitySamples).where(inArray(id, all.orderBy(asc(createdAt)).limit(limit)));
}
