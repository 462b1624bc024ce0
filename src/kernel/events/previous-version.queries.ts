/**
 * The version before deliveries worked on the rows of the outbox themselves: published, running, then done or dead. It
 * may run beside this one during a deployment, and what it leaves behind is taken over here. The next release deletes
 * this file and names none of the columns `attempts`, `lease_until`, `last_error` and `finished_at`; a migration of the
 * release after that drops them with the indexes of that version.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';

/** Returns to pending what the previous version was at work on until its lease expired. */
export function releaseEvents(q: Queries, now: SQL, limit: number) {
  return q.execute<{ id: string }>(sql`
    update outbox set status = 'pending', lease_until = null
    where id in (
      select id from outbox where status in ('published', 'running') and lease_until <= ${now}
      order by lease_until limit ${limit}::int for update skip locked)
    returning id`);
}

/** Marks the dead letters of the previous version published and returns them, for the caller to make deliveries of. */
export function takeDeadEvents(subscriberSet: string, limit: number): SQL {
  return sql`
    update outbox set status = 'done', published_at = coalesce(finished_at, created_at),
      subscriber_set = ${subscriberSet}
    where id in (select id from outbox where status = 'dead' order by id limit ${limit}::int for update skip locked)
    returning id, organization_id, type, key, seq, attempts, available_at, last_error, created_at, finished_at`;
}

/** Deletes what the previous version finished before then. */
export function deleteFinished(q: Queries, before: SQL, limit: number) {
  return q.execute<{ id: string }>(sql`
    delete from outbox where id in (
      select id from outbox where status = 'done' and published_at is null and finished_at < ${before}
      order by finished_at limit ${limit}::int)
    returning id`);
}
