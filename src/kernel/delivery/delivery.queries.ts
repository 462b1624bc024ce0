import { and, eq, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import { outbox } from '../events/index.ts';

export type DeliveryRow = typeof outbox.$inferSelect;

export const time = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Any number of texts in one parameter; the column is named here, or it would be `value`. */
export const textsAs = (name: 'lane' | 'id', texts: readonly string[]) =>
  sql`jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb) as given(${sql.raw(name)})`;

/** What was handed to someone who did not come back is anyone's again. */
export function releaseExpired(q: Queries, nowMs: number, limit: number) {
  return q.execute<{ id: string }>(sql`
    update outbox set status = 'pending', lease_until = null,
      last_error = case status when 'running' then 'the consumer stopped without a word' else last_error end
    where id in (
      select id from outbox where status in ('published', 'running') and lease_until <= ${time(nowMs)}
      order by lease_until limit ${limit}::int for update skip locked)
    returning id`);
}

/** Tickets that did not go out, or never arrived: their rows wait again. */
export function unpublish(q: Queries, ids: readonly string[]) {
  return q.execute<{ id: string }>(sql`
    update outbox set status = 'pending', lease_until = null
    where status = 'published' and id in (select given.id from ${textsAs('id', ids)})
    returning id`);
}

export function deleteDone(q: Queries, finishedBeforeMs: number, limit: number) {
  return q.execute<{ id: string }>(sql`
    delete from outbox where id in (
      select id from outbox where status = 'done' and finished_at < ${time(finishedBeforeMs)}
      order by finished_at limit ${limit}::int)
    returning id`);
}

/** Takes a published row to work on; nothing for a ticket that is doubled or stale. */
export function startDelivery(q: Queries, id: string, leaseUntilMs: number) {
  return q
    .update(outbox)
    .set({ status: 'running', attempts: sql`${outbox.attempts} + 1`, leaseUntil: new Date(leaseUntilMs) })
    .where(and(eq(outbox.id, id), eq(outbox.status, 'published')))
    .returning();
}

/** How work on a row ended; the attempt proves that it is still in the same hands. */
export function endDelivery(
  q: Queries,
  { id, attempts }: DeliveryRow,
  set: Partial<typeof outbox.$inferInsert>,
) {
  return q
    .update(outbox)
    .set({ leaseUntil: null, ...set })
    .where(and(eq(outbox.id, id), eq(outbox.status, 'running'), eq(outbox.attempts, attempts)))
    .returning({ id: outbox.id });
}
