import { sql, type SQL } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { UsageFact } from '../../kernel/modules/index.ts';

const time = (ms: number) => new Date(ms).toISOString();

/**
 * Marks the hours of rows that were just written as stale, in a fixed order, so that two commits do not wait for each
 * other. An hour that is stale already is not written again, but it is locked: `sum_usage_hours` leaves it until the
 * commit.
 */
const markHours = (organizationId: string, rows: SQL) => sql`
    insert into usage_hours (organization_id, meter, hour, quantity, stale)
    select ${organizationId}, w.meter, w.hour, 0, true
    from (select distinct meter, date_trunc('hour', occurred_at, 'UTC') as hour from ${rows}) w
    order by w.meter, w.hour
    on conflict (organization_id, meter, hour) do update set stale = true where not usage_hours.stale`;

export interface FactsToRecord {
  meter: string;
  facts: readonly (UsageFact & { id: string; reversalId: string })[];
  /** The id of the domain event. */
  cause: string;
  nowMs: number;
}

/**
 * Appends a revision for each fact that was read in a newer version than the recorded one, with the difference of the
 * quantities. Dimensions and time are those of the first revision, without a user who was erased since. When the usage
 * turns out to have begun in another hour, one revision takes the quantity back in the old hour and another adds it in
 * the right one. If two commits record the same fact at once, one violates the primary key and is repeated.
 */
export function recordFacts(
  q: Queries,
  organizationId: string,
  { meter, facts, cause, nowMs }: FactsToRecord,
) {
  const rows = facts.map(({ occurredAtMs, ...fact }) => ({ ...fact, occurredAt: time(occurredAtMs) }));
  return q.execute(sql`
    with written as (
      insert into usage_events (id, organization_id, meter, key, revision, occurred_at, quantity, version, dimensions,
        user_id, cause, recorded_at)
      select n.id, ${organizationId}, ${meter}, f.key, coalesce(r.revision, 0) + n.step, n.occurred_at, n.quantity,
        f.version, coalesce(r.dimensions, f.dimensions),
        (select u.id from users u where u.id = f."userId"), ${cause}, ${time(nowMs)}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f(id text, "reversalId" text, key text,
        "occurredAt" timestamptz, quantity bigint, version bigint, dimensions jsonb, "userId" text)
      cross join lateral (
        select max(e.revision) as revision, max(e.version) as version, sum(e.quantity)::bigint as quantity,
          (array_agg(e.occurred_at order by e.revision desc))[1] as occurred_at,
          (array_agg(e.dimensions order by e.revision))[1] as dimensions
        from usage_events e
        where e.organization_id = ${organizationId} and e.meter = ${meter} and e.key = f.key) r
      cross join lateral (
        select coalesce(date_trunc('hour', r.occurred_at, 'UTC') <> date_trunc('hour', f."occurredAt", 'UTC'), false)
          as has_moved) m
      cross join lateral (
        select f.id, 1 as step, coalesce(r.occurred_at, f."occurredAt") as occurred_at,
          f.quantity - coalesce(r.quantity, 0) as quantity
        where not m.has_moved
        union all select f."reversalId", 1, r.occurred_at, -r.quantity where m.has_moved
        union all select f.id, 2, f."occurredAt", f.quantity where m.has_moved) n
      where f.version > coalesce(r.version, -1)
      returning meter, occurred_at)
    ${markHours(organizationId, sql`written`)}`);
}

/** An event that an organization sent. */
export interface ReceivedEvent {
  id: string;
  key: string;
  meter: string;
  source: string;
  occurredAtMs: number;
  quantity: number;
  dimensions: Record<string, string>;
}

/** Appends the events of an organization, except those whose key was recorded before. */
export function recordReceivedEvents(
  q: Queries,
  organizationId: string,
  events: readonly ReceivedEvent[],
  nowMs: number,
) {
  const rows = events.map(({ occurredAtMs, ...event }) => ({ ...event, occurredAt: time(occurredAtMs) }));
  return q.execute(sql`
    with written as (
      insert into usage_events (id, organization_id, meter, key, revision, occurred_at, quantity, version, dimensions,
        source, recorded_at)
      select f.id, ${organizationId}, f.meter, f.key, 1, f."occurredAt", f.quantity, 0, f.dimensions, f.source,
        ${time(nowMs)}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f(id text, key text, meter text, source text,
        "occurredAt" timestamptz, quantity bigint, dimensions jsonb)
      order by f.key
      on conflict do nothing
      returning meter, occurred_at)
    ${markHours(organizationId, sql`written`)}`);
}

/** Which of the keys of received events are recorded already. */
export function selectRecordedKeys(q: Queries, organizationId: string, keys: readonly string[]) {
  return q.execute<{ key: string }>(sql`
    select e.key from usage_events e
    where e.organization_id = ${organizationId} and e.source is not null
      and e.key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`);
}

/** Computes stale hours again, at most `most`, of all organizations. */
export const sumUsageHours = (q: Queries, most: number) =>
  q.execute<{ organizationId: string; meter: string }>(
    sql`select of_organization as "organizationId", of_meter as meter from sum_usage_hours(${most}::integer)`,
  );
