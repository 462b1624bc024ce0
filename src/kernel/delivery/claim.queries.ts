import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import { textsAs, time } from './delivery.queries.ts';

/** Any number, the same for all: what publishers of this database queue up behind. */
const PUBLISHING = sql.raw('8236101');

/**
 * Until the end of the transaction no other run publishes, in any partition. The planner overestimates the walk over the
 * partitions: compiling it would take ten times longer than running it.
 */
export function lockPublishing(q: Queries) {
  return q.execute(sql`select set_config('jit', 'off', true), pg_advisory_xact_lock(${PUBLISHING}::bigint)`);
}

/**
 * Until the end of the transaction no other run publishes in these partitions, so that the count in flight stays true.
 * It is a separate statement, because the following claim must see the changes of the transaction that held the lock.
 */
export function lockPartitions(q: Queries, partitions: readonly string[]) {
  return q.execute(sql`
    select set_config('jit', 'off', true), pg_advisory_xact_lock_shared(${PUBLISHING}::bigint),
      pg_advisory_xact_lock(hashtextextended(each.partition, ${PUBLISHING}))
    from (select partition from ${textsAs('partition', partitions)} order by partition) each`);
}

export interface DeliveryClaim {
  nowMs: number;
  leaseUntilMs: number;
  /** Deliveries in flight at the same time, of a partition and of one subscriber in it. */
  perPartition: number;
  perSubscriber: number;
  limit: number;
}

// A delivery may go when it is due, no earlier one of its partition, subscriber and key is unfinished, and none of them
// is in flight. The conditions are sub-selects, not joins, because they find their index without statistics, which a
// fresh backlog does not have.

const inFlight = sql`(
  select f.id from deliveries f
  where f.partition = o.partition and f.subscriber = o.subscriber and f.key = o.key
    and f.status in ('published', 'running') limit 1
)`;
const firstOfKey = sql`o.seq = (
  select min(e.seq) from deliveries e
  where e.partition = o.partition and e.subscriber = o.subscriber and e.key = o.key
    and e.status in ('pending', 'published', 'running')
)`;

/**
 * Marks published what may go of `candidates`, as far as its partition and its subscriber have room in flight, and
 * returns it in the order to send it: partitions take turns, and within them subscribers. Runs behind a lock, so
 * that no other run takes the same deliveries.
 */
function claim(q: Queries, how: DeliveryClaim, sources: SQL, candidates: SQL) {
  return q.execute<{ id: string; turn: string }>(sql`
    with recursive waiting(partition, subscriber) as (${sources}), free as (
      select partition, subscriber, ${how.perSubscriber}::int - (
        select count(*) from deliveries f
        where f.partition = w.partition and f.subscriber = w.subscriber and f.status in ('published', 'running')
      ) as places
      from waiting w where partition is not null
    ), due as (
      select free.partition, head.id, head.seq, head.available_at,
        row_number() over (partition by free.partition, free.subscriber order by head.available_at, head.seq) as round
      from free cross join lateral (
        ${candidates} order by o.available_at, o.seq limit greatest(free.places, 0)
      ) head
    ), queued as (
      select due.*, row_number() over (partition by partition order by round, available_at, seq) as turn from due
    ), open as (
      select partition, ${how.perPartition}::int - (
        select count(*) from deliveries f
        where f.partition = each.partition and f.status in ('published', 'running')
      ) as places
      from (select distinct partition from queued) each
    ), chosen as (
      select id, row_number() over (order by turn, available_at, seq) as turn
      from queued join open using (partition) where turn <= places order by turn, available_at, seq
      limit ${how.limit}::int
    )
    update deliveries set status = 'published', lease_until = ${time(how.leaseUntilMs)}
    from chosen
    where deliveries.id = chosen.id and deliveries.id = any(array(select id from chosen))
    returning deliveries.id, chosen.turn`);
}

/** Each partition and subscriber of which something is pending, by hops along the index: its cost is their number. */
const everySource = sql`(
    select partition, subscriber from deliveries where status = 'pending' order by partition, subscriber limit 1
  ) union all (
    select next.partition, next.subscriber from waiting w left join lateral (
      select o.partition, o.subscriber from deliveries o
      where o.status = 'pending' and (o.partition, o.subscriber) > (w.partition, w.subscriber)
      order by o.partition, o.subscriber limit 1
    ) next on true where w.partition is not null
  )`;

/** The same within given partitions. */
const sourcesIn = (partitions: readonly string[]) => sql`(
    select first.partition, first.subscriber from ${textsAs('partition', partitions)} cross join lateral (
      select o.partition, o.subscriber from deliveries o
      where o.status = 'pending' and o.partition = given.partition order by o.subscriber limit 1
    ) first
  ) union all (
    select next.partition, next.subscriber from waiting w cross join lateral (
      select o.partition, o.subscriber from deliveries o
      where o.status = 'pending' and o.partition = w.partition and o.subscriber > w.subscriber
      order by o.subscriber limit 1
    ) next
  )`;

/**
 * Claims in these partitions, after `lockPartitions`. Looks at the first `lookAhead` due deliveries of each subscriber,
 * so that its cost does not grow with the backlog; what waits behind that many which may not go is left to the sweep.
 */
export function claimIn(q: Queries, how: DeliveryClaim, partitions: readonly string[], lookAhead: number) {
  const candidates = sql`
    select o.id, o.seq, o.available_at from (
      select * from deliveries p
      where p.partition = free.partition and p.subscriber = free.subscriber and p.status = 'pending'
        and p.available_at <= ${time(how.nowMs)}
      order by p.available_at, p.seq limit ${lookAhead}::int
    ) o
    where case when ${firstOfKey} then ${inFlight} is null else false end`;
  return claim(q, how, sourcesIn(partitions), candidates);
}

/** Claims in every partition, after `lockPublishing`. Reads all that is unfinished once, in the order of the index. */
export function claimEverywhere(q: Queries, how: DeliveryClaim) {
  const candidates = sql`
    select o.id, o.seq, o.available_at from (
      select distinct on (e.key) e.id, e.partition, e.subscriber, e.key, e.seq, e.status, e.available_at
      from deliveries e
      where e.partition = free.partition and e.subscriber = free.subscriber
        and e.status in ('pending', 'published', 'running')
      order by e.key, e.seq
    ) o
    where o.status = 'pending' and o.available_at <= ${time(how.nowMs)} and ${inFlight} is null`;
  return claim(q, how, everySource, candidates);
}
