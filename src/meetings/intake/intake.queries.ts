import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queries } from '../../platform/db/index.ts';
import { outbox } from '../../platform/outbox/index.ts';
import { REPORTED } from './intake.rules.ts';
import { livekitEvents } from './intake.tables.ts';

export type StoredEvent = typeof livekitEvents.$inferSelect;
export type NewEvent = typeof livekitEvents.$inferInsert;

/** One that is known by its cluster and id already stays as it is. */
export function insertEvents(q: Queries, rows: readonly NewEvent[]) {
  return q
    .insert(livekitEvents)
    .values([...rows])
    .onConflictDoNothing();
}

/** What was told of a call and is not in its ledger yet, the oldest first. */
export function waitingEvents(q: Queries, callId: string, limit: number) {
  return q
    .select()
    .from(livekitEvents)
    .where(and(eq(livekitEvents.room, callId), isNull(livekitEvents.reducedAt)))
    .orderBy(asc(livekitEvents.receivedAt))
    .limit(limit);
}

export function markReduced(q: Queries, events: readonly Pick<StoredEvent, 'cluster' | 'id'>[], now: Date) {
  const ofClusters = [...Map.groupBy(events, ({ cluster }) => cluster)].map(([cluster, own]) =>
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
    .where(or(...ofClusters));
}

/** Calls with events that have waited since `before`, although no effect is on its way that would reduce them. */
export function forgottenCalls(q: Queries, before: Date, limit: number) {
  return q
    .selectDistinct({ callId: livekitEvents.room })
    .from(livekitEvents)
    .where(
      and(
        isNull(livekitEvents.reducedAt),
        lt(livekitEvents.receivedAt, before),
        sql`not exists (select from ${outbox} o where o.lane = ${livekitEvents.room} and o.key = ${livekitEvents.room}
          and o.type = ${REPORTED} and o.status in ('pending', 'published', 'running'))`,
      ),
    )
    .limit(limit);
}

/** At most `limit` of those that came before. */
export function deleteEvents(q: Queries, before: Date, limit: number) {
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
