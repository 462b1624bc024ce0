-- Computes the hours (UTC) of quarters again: their buckets, and their sums for timelines.
create or replace function sum_ai_hours(owners text[], quarters timestamptz[]) returns void
language plpgsql
-- Found one by one through the primary key: every other way reads all hours.
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  hour_owners text[];
  hours timestamptz[];
begin
  select array_agg(owner), array_agg(hour) into hour_owners, hours
  from (
    select distinct owner, date_trunc('hour', quarter, 'UTC') as hour from unnest(owners, quarters) as q(owner, quarter)
  ) h;
  delete from analytics_ai_hours a using (
    select owner, hour, '' as feature from unnest(hour_owners, hours) as h(owner, hour)
    union
    select h.owner, h.hour, b.feature from unnest(hour_owners, hours) as h(owner, hour) join analytics_ai_buckets b
      on b.organization_id = h.owner and b.grain = 'hour' and b.starts_at = h.hour
  ) former
  where a.organization_id = former.owner and a.feature = former.feature and a.starts_at = former.hour;
  perform sum_ai_buckets(array_fill('hour'::text, array[cardinality(hours)]), hour_owners, hours);
  insert into analytics_ai_hours (organization_id, feature, starts_at, requests, failed, tokens, amount_micros, known, unknown)
  select h.owner, coalesce(b.feature, ''), h.hour, sum(b.requests), sum(b.failed),
    sum(b.input_tokens + b.output_tokens + b.cache_read_tokens + b.cache_write_tokens), sum(b.amount_micros), sum(b.known), sum(b.unknown)
  from unnest(hour_owners, hours) as h(owner, hour) join analytics_ai_buckets b
    on b.organization_id = h.owner and b.grain = 'hour' and b.starts_at = h.hour
  group by grouping sets ((h.owner, h.hour, b.feature), (h.owner, h.hour));
end
$$;
