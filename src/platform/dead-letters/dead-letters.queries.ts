import { and, count, desc, eq, or, sql } from 'drizzle-orm';
import { deliveries } from '../../kernel/delivery/deliveries.tables.ts';
import { outbox } from '../../kernel/events/events.tables.ts';
import { type Queries, isBefore } from '../../kernel/db/index.ts';
import type { OutboxStats } from './dead-letters.schemas.ts';

export interface DeadLetterFilter {
  organizationId?: string | undefined;
  type?: string | undefined;
  subscriber?: string | undefined;
}

const isDead = eq(deliveries.status, 'dead');

function matchesFilter({ organizationId, type, subscriber }: DeadLetterFilter) {
  return and(
    isDead,
    organizationId === undefined ? undefined : eq(deliveries.organizationId, organizationId),
    type === undefined ? undefined : eq(deliveries.type, type),
    subscriber === undefined ? undefined : eq(deliveries.subscriber, subscriber),
  );
}

const selectDeliveries = (q: Queries) =>
  q
    .select({ delivery: deliveries, payload: outbox.payload, traceparent: outbox.traceparent })
    .from(deliveries)
    .innerJoin(outbox, eq(outbox.id, deliveries.eventId));

export type DeadLetter = Awaited<ReturnType<typeof selectDeliveries>>[number];

/** The newest first. */
export function selectDeadLetters(
  q: Queries,
  filter: DeadLetterFilter,
  before: string | undefined,
  limit: number,
) {
  return selectDeliveries(q)
    .where(and(matchesFilter(filter), isBefore(deliveries.id, before)))
    .orderBy(desc(deliveries.id))
    .limit(limit + 1);
}

/** By its own id, or by the id of its event where that has one dead delivery only. */
export function selectDeadLetter(q: Queries, id: string) {
  return selectDeliveries(q)
    .where(and(isDead, or(eq(deliveries.id, id), eq(deliveries.eventId, id))))
    .limit(2);
}

export function countDeadLetters(q: Queries, filter: DeadLetterFilter) {
  return q.select({ matched: count() }).from(deliveries).where(matchesFilter(filter));
}

/** The oldest first, in the order of their events. */
export function selectOldestDeadLetters(q: Queries, filter: DeadLetterFilter, limit: number) {
  return selectDeliveries(q).where(matchesFilter(filter)).orderBy(deliveries.id).limit(limit);
}

/** Counts where an index makes it cheap: of what is done, only the last hour. `pending` includes unpublished events. */
export function selectOutboxStats(q: Queries, nowMs: number) {
  const now = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const age = (moment: ReturnType<typeof sql>) => sql`floor(extract(epoch from ${now} - ${moment}))::int`;
  return q.execute<{ [K in keyof OutboxStats]: OutboxStats[K] }>(sql`
    with waiting as (
      select available_at from deliveries where status = 'pending'
      union all select available_at from outbox where status = 'pending'
    )
    select
      (select count(*)::int from waiting) as pending,
      (select count(*)::int from waiting where available_at <= ${now}) as due,
      (select count(*)::int from deliveries where status = 'published') as published,
      (select count(*)::int from deliveries where status = 'running') as running,
      (select count(*)::int from deliveries where status = 'done' and finished_at > ${now} - interval '1 hour')
        as "doneLastHour",
      (select count(*)::int from deliveries where status = 'dead') as dead,
      (select ${age(sql`min(available_at)`)} from waiting where available_at <= ${now}) as "oldestDueAgeSeconds",
      (select ${age(sql`min(finished_at)`)} from deliveries where status = 'dead') as "oldestDeadAgeSeconds"`);
}
