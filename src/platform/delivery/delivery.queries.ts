import { and, eq, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import { outbox } from '../outbox/index.ts';

export type Letter = typeof outbox.$inferSelect;

/** Any number, the same for all: what publishers of this database queue up behind. */
const PUBLISHING = sql.raw('8236101');

const time = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
/** Any number of texts in one parameter; the column is named here, or it would be `value`. */
const textsAs = (name: 'lane' | 'id', texts: readonly string[]) =>
  sql`jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb) as given(${sql.raw(name)})`;

/** Until the end of the transaction nobody else publishes, in any lane. */
export function lockPublishing(q: Queries) {
  return q.execute(sql`select pg_advisory_xact_lock(${PUBLISHING}::bigint)`);
}

/**
 * Until the end of the transaction nobody else publishes in these lanes, so that what is counted as in flight stays
 * true. A statement of its own: the claim that follows must see what the lock was waited for.
 */
export function lockLanes(q: Queries, lanes: readonly string[]) {
  return q.execute(sql`
    select pg_advisory_xact_lock_shared(${PUBLISHING}::bigint),
      pg_advisory_xact_lock(hashtextextended(each.lane, ${PUBLISHING}))
    from (select lane from ${textsAs('lane', lanes)} order by lane) each`);
}

/** Every lane where something is pending, by hops along the index: its cost is the lanes, not the rows. */
const allLanes = sql`(
    select lane from outbox where status = 'pending' order by lane limit 1
  ) union all (
    select (select o.lane from outbox o where o.status = 'pending' and o.lane > w.lane order by o.lane limit 1)
    from waiting w where w.lane is not null
  )`;

export interface Claim {
  nowMs: number;
  leaseUntilMs: number;
  /** Undefined for every lane. */
  lanes: readonly string[] | undefined;
  perLane: number;
  limit: number;
}

/**
 * Marks published what may go now, and returns it in the order to send it: lanes take turns, the oldest first. A row
 * may go when it is due, no earlier row of its lane and key is unfinished, none of them is in someone's hands, and its
 * lane has room in flight. Runs after `lockPublishing` or `lockLanes`.
 */
export function claimDue(q: Queries, { nowMs, leaseUntilMs, lanes, perLane, limit }: Claim) {
  return q.execute<{ id: string; turn: string }>(sql`
    with recursive waiting(lane) as (
      ${lanes ? sql`select lane from ${textsAs('lane', lanes)}` : allLanes}
    ), room as (
      select lane, ${perLane}::int - (
        select count(*) from outbox f where f.lane = w.lane and f.status in ('published', 'running')
      ) as free
      from waiting w where lane is not null
    ), due as (
      select head.id, head.seq, head.available_at,
        row_number() over (partition by room.lane order by head.available_at, head.seq) as turn
      from room cross join lateral (
        select o.id, o.seq, o.available_at from outbox o
        where o.lane = room.lane and o.status = 'pending' and o.available_at <= ${time(nowMs)}
          and not exists (select from outbox e where e.lane = o.lane and e.key = o.key and e.seq < o.seq
            and e.status in ('pending', 'published', 'running'))
          and not exists (select from outbox f where f.lane = o.lane and f.key = o.key
            and f.status in ('published', 'running'))
        order by o.available_at, o.seq
        limit greatest(room.free, 0)
      ) head
    ), chosen as (
      select id, row_number() over (order by turn, available_at, seq) as turn from due order by turn limit ${limit}::int
    ), claimed as (
      select o.id, chosen.turn from outbox o join chosen on chosen.id = o.id
      where o.status = 'pending' for update of o skip locked
    )
    update outbox set status = 'published', lease_until = ${time(leaseUntilMs)}
    from claimed where outbox.id = claimed.id
    returning outbox.id, claimed.turn`);
}

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
export function beginWork(q: Queries, id: string, leaseUntilMs: number) {
  return q
    .update(outbox)
    .set({ status: 'running', attempts: sql`${outbox.attempts} + 1`, leaseUntil: new Date(leaseUntilMs) })
    .where(and(eq(outbox.id, id), eq(outbox.status, 'published')))
    .returning();
}

/** How work on a row ended; the attempt proves that it is still in the same hands. */
export function endWork(q: Queries, { id, attempts }: Letter, set: Partial<typeof outbox.$inferInsert>) {
  return q
    .update(outbox)
    .set({ leaseUntil: null, ...set })
    .where(and(eq(outbox.id, id), eq(outbox.status, 'running'), eq(outbox.attempts, attempts)))
    .returning({ id: outbox.id });
}
