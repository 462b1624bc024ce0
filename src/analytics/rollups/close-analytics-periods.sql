-- Computes the days, thirds and months that are over and have no bucket: those of the given moments, each in the time
-- zone beside it, and those that had the last call before. A day, third or month is over once a later one has a call;
-- until then it has no bucket, and is read as its hours or days.
create or replace function close_analytics_periods(owners text[], zones text[], moments timestamptz[]) returns void
language plpgsql
-- Found one by one through the primary key: every other way reads all buckets.
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  due record;
begin
  with day as materialized (
    select owner, zone, starts_at,
      (select b.starts_at from analytics_buckets b where b.organization_id = owner and b.time_zone = zone
        and b.grain = 'hour' order by b.starts_at desc limit 1) as last_hour,
      (select b.starts_at from analytics_buckets b where b.organization_id = owner and b.time_zone = zone
        and b.grain = 'hour' and b.starts_at < day.starts_at order by b.starts_at desc limit 1) as hour_before
    from (select distinct owner, zone, analytics_floor('day', moment, zone) as starts_at
      from unnest(owners, zones, moments) as asked(owner, zone, moment)) day
  ), period as materialized (
    select distinct owner, zone, wanted, analytics_floor(wanted, moment, zone) as starts_at
    from day cross join lateral (values (starts_at), (hour_before)) as each(moment)
      cross join unnest('{day,third,month}'::text[]) as wanted
    where analytics_floor(wanted, moment, zone) < analytics_floor(wanted, last_hour, zone)
  )
  select array_agg(wanted) as grains, array_agg(owner) as owners, array_agg(zone) as zones, array_agg(starts_at) as starts into due
  from period p where not exists (
    select from analytics_buckets b where b.organization_id = p.owner and b.time_zone = p.zone and b.grain = p.wanted
      and b.starts_at = p.starts_at);
  if due.grains is null then
    return;
  end if;

  perform count_analytics_buckets('day', array_agg(owner), array_agg(zone), array_agg(starts_at))
  from unnest(due.grains, due.owners, due.zones, due.starts) as d(wanted, owner, zone, starts_at) where wanted = 'day'
  having count(*) > 0;
  perform sum_analytics_buckets(array_agg(wanted), array_agg(owner), array_agg(zone), array_agg(starts_at))
  from unnest(due.grains, due.owners, due.zones, due.starts) as d(wanted, owner, zone, starts_at) where wanted <> 'day'
  having count(*) > 0;
end
$$;
