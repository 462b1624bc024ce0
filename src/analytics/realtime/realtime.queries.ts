import { and, eq, gt, lte, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { callConnections, callParticipants, calls } from '../../calls/calls/calls.tables.ts';

const count = (condition: ReturnType<typeof sql>) => sql<number>`count(*) filter (where ${condition})::int`;
const regionOf = (column: typeof calls.region | typeof callParticipants.region) =>
  sql<string>`coalesce(${column}, 'unknown')`;

/** Calls under way, and calls that started or ended since `since`, by region. */
export function countCalls(q: Queries, organizationId: string, since: Date, now: Date) {
  return q
    .select({
      region: regionOf(calls.region),
      live: count(sql`${calls.status} = 'active'`),
      started: count(and(gt(calls.startedAt, since), lte(calls.startedAt, now))!),
      ended: count(and(gt(calls.endedAt, since), lte(calls.endedAt, now))!),
    })
    .from(calls)
    .where(
      and(
        eq(calls.organizationId, organizationId),
        // A call that started since then is active or has ended since then.
        or(eq(calls.status, 'active'), gt(calls.endedAt, since)),
      ),
    )
    .groupBy(regionOf(calls.region));
}

/** Connected participants of calls under way, by region. */
export function countParticipants(q: Queries, organizationId: string) {
  return q
    .select({
      region: regionOf(callParticipants.region),
      participants: count(sql`${callParticipants.kind} <> 'agent'`),
      agents: count(sql`${callParticipants.kind} = 'agent'`),
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(calls.organizationId, organizationId),
        eq(calls.status, 'active'),
        eq(callParticipants.status, 'connected'),
      ),
    )
    .groupBy(regionOf(callParticipants.region));
}

/** Connections that began or ended since `since`, by the participant's region. */
export function countJoinsAndLeaves(q: Queries, organizationId: string, since: Date, now: Date) {
  return q
    .select({
      region: regionOf(callParticipants.region),
      joins: count(and(gt(callConnections.joinedAt, since), lte(callConnections.joinedAt, now))!),
      leaves: count(and(gt(callConnections.leftAt, since), lte(callConnections.leftAt, now))!),
    })
    .from(callConnections)
    .innerJoin(callParticipants, eq(callParticipants.id, callConnections.participantId))
    .where(
      and(
        eq(callConnections.organizationId, organizationId),
        // An aborted attempt never was a connection.
        eq(callConnections.connected, true),
        or(gt(callConnections.joinedAt, since), gt(callConnections.leftAt, since)),
      ),
    )
    .groupBy(regionOf(callParticipants.region));
}

/** Requests to models that are running, and those that were made since `since`, with the number of failed ones. */
export const countAiRequests = (q: Queries, organizationId: string, since: Date, now: Date) =>
  q.execute<{ running: number; requests: number; failed: number }>(sql`
    select
      (select count(*)::integer from ai_generations g where g.organization_id = ${organizationId} and g.status = 'running') as running,
      count(*)::integer as requests, count(*) filter (where g.status = 'failed')::integer as failed
    from ai_generations g where g.organization_id = ${organizationId}
      and g.created_at > ${since.toISOString()}::timestamptz and g.created_at <= ${now.toISOString()}::timestamptz`);
