import { sql } from 'drizzle-orm';
import type { Queries } from '../db/index.ts';
import { outbox } from './outbox.tables.ts';

type NewEventRow = typeof outbox.$inferInsert;

export function insertEvents(q: Queries, rows: NewEventRow[]) {
  return q.insert(outbox).values(rows);
}

/**
 * Writes the rows, but of those that are `coalesced` only where none of their type, lane and key waits. The one that
 * waits is held until the transaction ends, so that nobody takes it up before what it is to see is there; one that is
 * being taken up in this moment does not count.
 */
export function insertCoalescedEvents(q: Queries, rows: (NewEventRow & { coalesced: boolean })[]) {
  return q.execute(sql`
    insert into outbox (id, organization_id, type, key, payload, traceparent, available_at, created_at)
    select g.id, g."organizationId", g.type, g.key, g.payload, g.traceparent, g."availableAt", g."createdAt"
    from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (id text, "organizationId" text, type text,
      key text, payload jsonb, traceparent text, "availableAt" timestamptz, "createdAt" timestamptz, coalesced boolean))
      with ordinality g(id, "organizationId", type, key, payload, traceparent, "availableAt", "createdAt", coalesced, nth)
    where not (g.coalesced and exists (
      select from outbox o
      where o.lane = coalesce(g."organizationId", g.key) and o.key = g.key and o.type = g.type
        and o.status in ('pending', 'published')
      limit 1 for share skip locked))
    order by g.nth`);
}
