import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import { textsAs, time } from './delivery.queries.ts';

/** Any number, the same for all: what publishers of this database queue up behind. */
const PUBLISHING = sql.raw('8236101');

/**
 * Until the end of the transaction nobody else publishes, in any lane. The planner takes the hops over the lanes for a
 * great piece of work: compiling it would take ten times longer than running it.
 */
export function lockPublishing(q: Queries) {
  return q.execute(sql`select set_config('jit', 'off', true), pg_advisory_xact_lock(${PUBLISHING}::bigint)`);
}

/**
 * Until the end of the transaction nobody else publishes in these lanes, so that what is counted as in flight stays
 * true. A statement of its own: the claim that follows must see what the lock was waited for.
 */
export function lockPartitions(q: Queries, partitions: readonly string[]) {
  return q.execute(sql`
    select pg_advisory_xact_lock_shared(${PUBLISHING}::bigint),
      pg_advisory_xact_lock(hashtextextended(each.lane, ${PUBLISHING}))
    from (select lane from ${textsAs('lane', partitions)} order by lane) each`);
}

export interface ClaimOptions {
  nowMs: number;
  leaseUntilMs: number;
  perPartition: number;
  limit: number;
}

// A row may go when it is due, no earlier row of its lane and key is unfinished, and none of them is in someone's
// hands. The conditions are sub-selects, not joins, because they find their index without statistics, which a fresh
// backlog does not have.

const inFlightOfKey = sql`(
  select f.id from outbox f where f.lane = o.lane and f.key = o.key and f.status in ('published', 'running') limit 1
)`;
const firstOfKey = sql`o.seq = (
  select min(e.seq) from outbox e
  where e.lane = o.lane and e.key = o.key and e.status in ('pending', 'published', 'running')
)`;

/**
 * Marks published what may go of `candidates`, as far as their lanes have room in flight, and returns it in the order
 * to send it: lanes take turns, the oldest first. Runs behind a lock: nobody else takes what is pending meanwhile.
 */
function claim(
  q: Queries,
  { leaseUntilMs, perPartition, limit }: ClaimOptions,
  partitions: SQL,
  candidates: SQL,
) {
  return q.execute<{ id: string; turn: string }>(sql`
    with recursive waiting(lane) as (${partitions}), room as (
      select lane, ${perPartition}::int - (
        select count(*) from outbox f where f.lane = w.lane and f.status in ('published', 'running')
      ) as free
      from waiting w where lane is not null
    ), due as (
      select head.id, head.seq, head.available_at,
        row_number() over (partition by room.lane order by head.available_at, head.seq) as turn
      from room cross join lateral (
        ${candidates} order by o.available_at, o.seq limit greatest(room.free, 0)
      ) head
    ), chosen as (
      select id, row_number() over (order by turn, available_at, seq) as turn from due order by turn limit ${limit}::int
    )
    update outbox set status = 'published', lease_until = ${time(leaseUntilMs)}
    from chosen
    where outbox.id = chosen.id and outbox.id = any(array(select id from chosen))
    returning outbox.id, chosen.turn`);
}

/**
 * Claims in these lanes, after `lockLanes`. Looks at the first `lookAhead` due rows of each, so that its cost does not
 * grow with the backlog; what waits behind that many rows which may not go is left to the sweep.
 */
export function claimIn(q: Queries, options: ClaimOptions, partitions: readonly string[], lookAhead: number) {
  const candidates = sql`
    select o.id, o.seq, o.available_at from (
      select * from outbox p
      where p.lane = room.lane and p.status = 'pending' and p.available_at <= ${time(options.nowMs)}
      order by p.available_at, p.seq limit ${lookAhead}::int
    ) o
    where case when ${firstOfKey} then ${inFlightOfKey} is null else false end`;
  return claim(q, options, sql`select lane from ${textsAs('lane', partitions)}`, candidates);
}

/** Every lane where something is pending, by hops along the index: its cost is the lanes, not the rows. */
const allPartitions = sql`(
    select lane from outbox where status = 'pending' order by lane limit 1
  ) union all (
    select (select o.lane from outbox o where o.status = 'pending' and o.lane > w.lane order by o.lane limit 1)
    from waiting w where w.lane is not null
  )`;

/** Claims in every lane, after `lockPublishing`. Reads all that is unfinished once, in the order of the index. */
export function claimEverywhere(q: Queries, options: ClaimOptions) {
  const candidates = sql`
    select o.id, o.seq, o.available_at from (
      select distinct on (e.key) e.id, e.lane, e.key, e.seq, e.status, e.available_at from outbox e
      where e.lane = room.lane and e.status in ('pending', 'published', 'running')
      order by e.key, e.seq
    ) o
    where o.status = 'pending' and o.available_at <= ${time(options.nowMs)} and ${inFlightOfKey} is null`;
  return claim(q, options, allPartitions, candidates);
}
