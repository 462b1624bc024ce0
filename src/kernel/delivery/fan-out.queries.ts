import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import { takeDeadEvents, takeMissedEvents, takePendingEvents } from '../events/index.ts';
import { textsAs, time } from './delivery.queries.ts';
import type { Subscriptions } from './registry.ts';

export interface FanOut {
  subscriptions: Subscriptions;
  nowMs: number;
  /** Events at most, of one partition and of all together. */
  perPartition: number;
  limit: number;
}

interface FannedOut extends Record<string, unknown> {
  /** How many events were published. */
  events: number;
  /** Deliveries that have to wait for their time, ISO 8601. */
  delayed: { partition: string; availableAt: string }[];
}

const pairsOf = ({ pairs }: Subscriptions) =>
  sql`jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as pair(type text, subscriber text)`;

/** Inserts one delivery for each event and subscriber, also when repeated. */
function insertDeliveries(q: Queries, events: SQL, { subscriptions, nowMs }: FanOut) {
  return q.execute<FannedOut>(sql`
    with event as (${events}), made as (
      insert into deliveries (id, event_id, subscriber, organization_id, type, key, seq, available_at, due_at,
        created_at)
      select event.id || '.' || pair.subscriber, event.id, pair.subscriber, event.organization_id, event.type,
        event.key, event.seq, event.available_at, greatest(event.available_at, ${time(nowMs)}), ${time(nowMs)}
      from event join ${pairsOf(subscriptions)} on pair.type = event.type
      on conflict do nothing
      returning partition, available_at)
    select (select count(*)::int from event) as events, coalesce((
      select jsonb_agg(distinct jsonb_build_object('partition', partition, 'availableAt', available_at))
      from made where available_at > ${time(nowMs)}), '[]'::jsonb) as delayed`);
}

const optionsOf = ({ nowMs, subscriptions, perPartition, limit }: FanOut) => ({
  now: time(nowMs),
  subscriberSet: subscriptions.fingerprint,
  perPartition,
  limit,
});

/** Publishes what is pending in these partitions: each subscriber gets its delivery. Runs behind their lock. */
export function fanOutIn(q: Queries, how: FanOut, partitions: readonly string[]) {
  const given = sql`select given.partition from ${textsAs('partition', partitions)}`;
  return insertDeliveries(q, takePendingEvents(optionsOf(how), given), how);
}

/** Publishes what is pending in every partition. Runs behind the lock on all of them. */
export function fanOutEverywhere(q: Queries, how: FanOut) {
  return insertDeliveries(q, takePendingEvents(optionsOf(how)), how);
}

/**
 * Makes the deliveries that another version of the product, with other subscribers, did not make while it published
 * beside this one, or before this one for a later time. What has its delivery keeps it as it is.
 * @param sinceMs how far back the other version may have published, or a delayed event have become due
 */
export function fanOutMissed(q: Queries, how: FanOut, sinceMs: number) {
  return insertDeliveries(q, takeMissedEvents(time(sinceMs), optionsOf(how)), how);
}

/**
 * Dead letters of the version before deliveries become dead letters of each subscriber of their type, so that a replay
 * reaches them; `unknown` stands for a subscriber where there is none any more.
 */
export function takeDeadLetters(q: Queries, { subscriptions, limit }: FanOut) {
  return q.execute(sql`
    with event as (${takeDeadEvents(subscriptions.fingerprint, limit)})
    insert into deliveries (id, event_id, subscriber, organization_id, type, key, seq, status, attempts, available_at,
      due_at, last_error, created_at, finished_at)
    select event.id || '.' || coalesce(pair.subscriber, 'unknown'), event.id, coalesce(pair.subscriber, 'unknown'),
      event.organization_id, event.type, event.key, event.seq, 'dead', event.attempts, event.available_at,
      event.available_at, event.last_error, event.created_at, event.finished_at
    from event left join ${pairsOf(subscriptions)} on pair.type = event.type
    on conflict do nothing`);
}
