import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import type { outbox } from './events.tables.ts';

type NewRow = typeof outbox.$inferInsert;

/** Holds for a row that is not coalesced, or of whose type, partition and key no event waits for its subscriber. */
const notWaiting = sql`not (g.coalesced and (
      exists (
        select from outbox o
        where o.lane = coalesce(g."organizationId", g.key) and o.key = g.key and o.type = g.type
          and o.status = 'pending'
        limit 1 for share skip locked)
      or exists (
        select from deliveries d
        where d.partition = coalesce(g."organizationId", g.key) and d.key = g.key and d.type = g.type
          and d.status in ('pending', 'published')
        limit 1 for share skip locked)))`;

/**
 * Writes the rows; of those that are `coalesced`, only where no event of the same type, partition and key waits for its
 * subscriber. The one that waits is locked until the transaction ends, so that its subscriber cannot start before the
 * state it is to see is there; one that starts at this moment does not count as waiting. Only the system may lock.
 * The columns are named here, because Drizzle would name all, also those that a migration is to drop while this version
 * runs.
 */
export function insertEvents(q: Queries, rows: (NewRow & { coalesced: boolean })[]) {
  const wanted = rows.some(({ coalesced }) => coalesced) ? notWaiting : sql`true`;
  return q.execute(sql`
    insert into outbox (id, organization_id, type, key, payload, traceparent, available_at, created_at)
    select g.id, g."organizationId", g.type, g.key, g.payload, g.traceparent, g."availableAt", g."createdAt"
    from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (id text, "organizationId" text, type text,
      key text, payload jsonb, traceparent text, "availableAt" timestamptz, "createdAt" timestamptz, coalesced boolean))
      with ordinality g(id, "organizationId", type, key, payload, traceparent, "availableAt", "createdAt", coalesced, nth)
    where ${wanted}
    order by g.nth`);
}

export interface TakeOptions {
  now: SQL;
  subscriberSet: string;
  /** Events at most, of one partition and of all together. */
  perPartition: number;
  limit: number;
}

/** Each partition in which an event is pending, by hops along the index: its cost is their number. */
const pendingPartitions = sql`(
    select lane from outbox where status = 'pending' order by lane limit 1
  ) union all (
    select (select o.lane from outbox o where o.status = 'pending' and o.lane > w.lane order by o.lane limit 1)
    from waiting w where w.lane is not null
  )`;

/**
 * Marks pending events published and returns them: the caller makes their deliveries in the same statement. Partitions
 * take turns, so that the backlog of one does not hold back another.
 * @param partitions a query of a column `lane`; default: every partition in which an event is pending
 */
export function takePendingEvents(how: TakeOptions, partitions: SQL = pendingPartitions): SQL {
  return sql`
    update outbox set status = 'done', published_at = ${how.now}, subscriber_set = ${how.subscriberSet}
    where id = any(array(
      with recursive waiting(lane) as (${partitions})
      select head.id from waiting cross join lateral (
        select o.id, o.seq, row_number() over (order by o.seq) as turn from outbox o
        where o.status = 'pending' and o.lane = waiting.lane order by o.seq limit ${how.perPartition}::int
      ) head
      order by head.turn, head.seq limit ${how.limit}::int))
    returning id, organization_id, type, key, seq, available_at`;
}

/**
 * Marks events as published to this set of subscribers that were published to another one, since then or to be due
 * since then, and returns them: the caller makes the deliveries that they lack in the same statement.
 */
export function takeMissedEvents(
  since: SQL,
  { subscriberSet, limit }: Omit<TakeOptions, 'now' | 'perPartition'>,
): SQL {
  const published = (range: SQL) => sql`
    select id from outbox
    where status = 'done' and ${range} and greatest(published_at, available_at) >= ${since}`;
  return sql`
    update outbox set subscriber_set = ${subscriberSet}
    where id = any(array(
      select id from (
        ${published(sql`subscriber_set < ${subscriberSet}`)} union all ${published(sql`subscriber_set > ${subscriberSet}`)}
      ) other limit ${limit}::int))
    returning id, organization_id, type, key, seq, available_at`;
}

/** Deletes events published and due before then whose deliveries are all done; their deliveries go with them. */
export function deleteDelivered(q: Queries, before: SQL, limit: number) {
  return q.execute<{ id: string }>(sql`
    delete from outbox where id in (
      select o.id from outbox o
      where o.status = 'done' and o.published_at < ${before} and o.available_at < ${before}
        and not exists (select from deliveries d where d.event_id = o.id and d.status <> 'done')
      order by o.published_at limit ${limit}::int)
    returning id`);
}
