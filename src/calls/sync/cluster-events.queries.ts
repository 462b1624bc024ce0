import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { deliveries } from '../../kernel/delivery/deliveries.tables.ts';
import { outbox } from '../../kernel/events/events.tables.ts';
import { callReported } from './sync.events.ts';
import { livekitEvents } from './sync.tables.ts';

export type ClusterEventRow = typeof livekitEvents.$inferSelect;
export type NewClusterEvent = typeof livekitEvents.$inferInsert;

/** Stores events. One that is stored already, by its cluster and id, stays as it is. */
export function insertClusterEvents(q: Queries, rows: readonly NewClusterEvent[]) {
  return q
    .insert(livekitEvents)
    .values([...rows])
    .onConflictDoNothing();
}

/** A call's events that are not in its ledger yet, the oldest first. */
export function selectUnreducedEvents(q: Queries, callId: string, limit: number) {
  return q
    .select()
    .from(livekitEvents)
    .where(and(eq(livekitEvents.room, callId), isNull(livekitEvents.reducedAt)))
    .orderBy(asc(livekitEvents.receivedAt))
    .limit(limit);
}

export function markEventsReduced(
  q: Queries,
  events: readonly Pick<ClusterEventRow, 'cluster' | 'id'>[],
  now: Date,
) {
  const matchesByCluster = [...Map.groupBy(events, ({ cluster }) => cluster)].map(([cluster, own]) =>
    and(
      eq(livekitEvents.cluster, cluster),
      inArray(
        livekitEvents.id,
        own.map(({ id }) => id),
      ),
    ),
  );
  return q
    .update(livekitEvents)
    .set({ reducedAt: now })
    .where(or(...matchesByCluster));
}

/** Calls with events stored before `before` that are not reduced and have no `call.reported` under way. */
export function selectCallsWithStuckEvents(q: Queries, before: Date, limit: number) {
  return q
    .selectDistinct({ callId: livekitEvents.room })
    .from(livekitEvents)
    .where(
      and(
        isNull(livekitEvents.reducedAt),
        lt(livekitEvents.receivedAt, before),
        sql`not exists (select from ${outbox} o where o.lane = ${livekitEvents.room} and o.key = ${livekitEvents.room}
          and o.type = ${callReported.type} and o.status = 'pending')`,
        sql`not exists (select from ${deliveries} d where d.partition = ${livekitEvents.room}
          and d.key = ${livekitEvents.room} and d.type = ${callReported.type}
          and d.status in ('pending', 'published', 'running'))`,
      ),
    )
    .limit(limit);
}

/** Deletes at most `limit` of the events that were stored before `before`. */
export function deleteOldEvents(q: Queries, before: Date, limit: number) {
  const { cluster, id } = livekitEvents;
  const old = q
    .select({ cluster, id })
    .from(livekitEvents)
    .where(lt(livekitEvents.receivedAt, before))
    .limit(limit);
  return q
    .delete(livekitEvents)
    .where(sql`(${cluster}, ${id}) in ${old}`)
    .returning({ id });
}
