import { and, eq, inArray, sql } from 'drizzle-orm';
import { mustChange, type Queries } from '../db/index.ts';
import { requestErrors } from '../core/index.ts';
import { outbox } from '../events/events.tables.ts';
import { deliveries } from './deliveries.tables.ts';

export const time = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Any number of texts in one parameter; the column is named here, or it would be `value`. */
export const textsAs = (name: 'partition' | 'id', texts: readonly string[]) =>
  sql`jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb) as given(${sql.raw(name)})`;

/** Returns expired leases to pending. */
export function releaseExpired(q: Queries, nowMs: number, limit: number) {
  return q.execute<{ id: string }>(sql`
    update deliveries set status = 'pending', lease_until = null,
      last_error = case status when 'running' then 'the consumer stopped without reporting' else last_error end
    where id in (
      select id from deliveries where status in ('published', 'running') and lease_until <= ${time(nowMs)}
      order by lease_until limit ${limit}::int for update skip locked)
    returning id`);
}

/** Returns deliveries whose wakeup was not sent, or never arrived, to pending. */
export function unpublish(q: Queries, ids: readonly string[]) {
  return q.execute<{ id: string }>(sql`
    update deliveries set status = 'pending', lease_until = null
    where status = 'published' and id in (select given.id from ${textsAs('id', ids)})
    returning id`);
}

/** Takes a published delivery to work on, with its event; no row for a wakeup that is doubled or stale. */
export function startDelivery(q: Queries, id: string, leaseUntilMs: number) {
  return q
    .update(deliveries)
    .set({
      status: 'running',
      attempts: sql`${deliveries.attempts} + 1`,
      leaseUntil: new Date(leaseUntilMs),
    })
    .from(outbox)
    .where(and(eq(deliveries.id, id), eq(deliveries.status, 'published'), eq(outbox.id, deliveries.eventId)))
    .returning({
      id: deliveries.id,
      eventId: deliveries.eventId,
      subscriber: deliveries.subscriber,
      organizationId: deliveries.organizationId,
      partition: deliveries.partition,
      type: deliveries.type,
      attempts: deliveries.attempts,
      availableAt: deliveries.availableAt,
      payload: outbox.payload,
      traceparent: outbox.traceparent,
      dueAt: deliveries.dueAt,
      occurredAt: outbox.createdAt,
    });
}

export type StartedDelivery = Awaited<ReturnType<typeof startDelivery>>[number];

/** Stores how it ended; the attempt proves that no other consumer has taken it since. */
export function endDelivery(
  q: Queries,
  { id, attempts }: Pick<StartedDelivery, 'id' | 'attempts'>,
  set: Partial<typeof deliveries.$inferInsert>,
) {
  return q
    .update(deliveries)
    .set({ leaseUntil: null, ...set })
    .where(and(eq(deliveries.id, id), eq(deliveries.status, 'running'), eq(deliveries.attempts, attempts)))
    .returning({ id: deliveries.id });
}

/** Dead deliveries wait again with all their attempts, or none does: another replay may have been faster. */
export function reopenDeliveries(q: Queries, ids: readonly string[], now: Date) {
  const change = q
    .update(deliveries)
    .set({ status: 'pending', attempts: 0, availableAt: now, dueAt: now, finishedAt: null })
    .where(and(eq(deliveries.status, 'dead'), inArray(deliveries.id, [...ids])))
    .returning({ id: deliveries.id });
  return mustChange(q, change, requestErrors.stale, ids.length);
}
