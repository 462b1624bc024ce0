-- Computes the days, thirds and months (UTC) of the given quarters again, and those that had the last answer before. A
-- period that is not over has no bucket, and is read as its days or hours: it is over once a later one has an hour.
create or replace function close_ai_periods(owners text[], quarters timestamptz[]) returns void
language plpgsql
-- Found one by one through the primary key: every other way reads all buckets.
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  due record;
begin
  delete from analytics_ai_buckets b using (
    select distinct owner, wanted, analytics_floor(wanted, quarter, 'UTC') as starts_at
    from unnest(owners, quarters) as q(owner, quarter) cross join unnest('{day,third,month}'::text[]) as wanted) p
  where b.organization_id = p.owner and b.grain = p.wanted and b.starts_at = p.starts_at;
  with day as materialized (
    select owner, starts_at,
      (select b.starts_at from analytics_ai_buckets b where b.organization_id = owner and b.grain = 'hour'
        order by b.starts_at desc limit 1) as last_hour,
      (select b.starts_at from analytics_ai_buckets b where b.organization_id = owner and b.grain = 'hour'
        and b.starts_at < day.starts_at order by b.starts_at desc limit 1) as hour_before
    from (select distinct owner, analytics_floor('day', quarter, 'UTC') as starts_at
      from unnest(owners, quarters) as q(owner, quarter)) day
  ), period as materialized (
    select distinct owner, wanted, analytics_floor(wanted, moment, 'UTC') as starts_at
    from day cross join lateral (values (starts_at), (hour_before)) as each(moment)
      cross join unnest('{day,third,month}'::text[]) as wanted
    where analytics_floor(wanted, moment, 'UTC') < analytics_floor(wanted, last_hour, 'UTC')
  )
  select array_agg(wanted) as grains, array_agg(owner) as owners, array_agg(starts_at) as starts into due
  from period p where not exists (
    select from analytics_ai_buckets b where b.organization_id = p.owner and b.grain = p.wanted and b.starts_at = p.starts_at);

  -- Days first: thirds and months are summed from them.
  perform sum_ai_buckets(array_agg(wanted), array_agg(owner), array_agg(starts_at))
  from unnest(due.grains, due.owners, due.starts) as d(wanted, owner, starts_at) where wanted = 'day' having count(*) > 0;
  perform sum_ai_buckets(array_agg(wanted), array_agg(owner), array_agg(starts_at))
  from unnest(due.grains, due.owners, due.starts) as d(wanted, owner, starts_at) where wanted <> 'day' having count(*) > 0;
end
$$;
