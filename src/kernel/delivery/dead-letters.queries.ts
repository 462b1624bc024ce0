import { and, count, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { mustChange, type Queries } from '../db/index.ts';
import { requestErrors } from '../core/index.ts';
import { outbox } from '../events/index.ts';
import type { OutboxStats } from './delivery.schemas.ts';

export interface DeadLetterFilter {
  organizationId?: string | undefined;
  type?: string | undefined;
}

const isDead = eq(outbox.status, 'dead');

function matchesFilter({ organizationId, type }: DeadLetterFilter) {
  return and(
    isDead,
    organizationId === undefined ? undefined : eq(outbox.organizationId, organizationId),
    type === undefined ? undefined : eq(outbox.type, type),
  );
}

/** The newest first. */
export function selectDeadLetters(
  q: Queries,
  filter: DeadLetterFilter,
  before: string | undefined,
  limit: number,
) {
  return q
    .select()
    .from(outbox)
    .where(and(matchesFilter(filter), before === undefined ? undefined : lt(outbox.id, before)))
    .orderBy(desc(outbox.id))
    .limit(limit);
}

export function selectDeadLetter(q: Queries, id: string) {
  return q
    .select()
    .from(outbox)
    .where(and(isDead, eq(outbox.id, id)));
}

export function countDeadLetters(q: Queries, filter: DeadLetterFilter) {
  return q.select({ matched: count() }).from(outbox).where(matchesFilter(filter));
}

/** The oldest first, as their effects came about. */
export function selectOldestDeadLetters(q: Queries, filter: DeadLetterFilter, limit: number) {
  return q.select().from(outbox).where(matchesFilter(filter)).orderBy(outbox.id).limit(limit);
}

/** They wait again as if they had never been tried, or none does: someone else may have replayed one meanwhile. */
export function reopenDeliveries(q: Queries, ids: readonly string[], now: Date) {
  const change = q
    .update(outbox)
    .set({ status: 'pending', attempts: 0, availableAt: now, finishedAt: null })
    .where(and(isDead, inArray(outbox.id, [...ids])))
    .returning({ id: outbox.id });
  return mustChange(q, change, requestErrors.stale, ids.length);
}

/** Counts where an index makes it cheap: of what is done, only the last hour. */
export function selectOutboxStats(q: Queries, nowMs: number) {
  const now = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const age = (moment: ReturnType<typeof sql>) => sql`floor(extract(epoch from ${now} - ${moment}))::int`;
  return q.execute<{ [K in keyof OutboxStats]: OutboxStats[K] }>(sql`
    select
      (select count(*)::int from outbox where status = 'pending') as pending,
      (select count(*)::int from outbox where status = 'pending' and available_at <= ${now}) as due,
      (select count(*)::int from outbox where status = 'published') as published,
      (select count(*)::int from outbox where status = 'running') as running,
      (select count(*)::int from outbox where status = 'done' and finished_at > ${now} - interval '1 hour')
        as "doneLastHour",
      (select count(*)::int from outbox where status = 'dead') as dead,
      (select ${age(sql`min(available_at)`)} from outbox where status = 'pending' and available_at <= ${now})
        as "oldestDueAgeSeconds",
      (select ${age(sql`min(finished_at)`)} from outbox where status = 'dead') as "oldestDeadAgeSeconds"`);
}
