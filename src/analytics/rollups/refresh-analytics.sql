-- Computes the rollups of marked moments again, at most `most`, the longest marked first, in the organization's time
-- zone and in the one that is being built. Returns the number of moments, or 0 while another refresh runs. A moment
-- that a commit is marking now is left to the next run, so that its call is not missed. Marking a moment waits for this
-- lock on its row, and the moment is then marked again.
create or replace function refresh_analytics(most integer) returns integer language plpgsql as $$
declare
  owners text[];
  zones text[];
  moments timestamptz[];
  done integer;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('refresh_analytics', 0)) then
    return 0;
  end if;

  with taken as (
    delete from analytics_dirty d
    using (select organization_id, moment from analytics_dirty order by since, organization_id limit most
      for update skip locked) oldest
    where d.organization_id = oldest.organization_id and d.moment = oldest.moment
    returning d.organization_id, d.moment
  )
  select array_agg(organization_id), array_agg(moment), count(*) into owners, moments, done from taken;
  if done = 0 then
    return 0;
  end if;

  insert into analytics_zones (organization_id, time_zone)
  select o.id, coalesce(o.settings->>'timeZone', 'UTC') from organizations o
  where o.id = any(owners) and not exists (select from analytics_zones z where z.organization_id = o.id)
  on conflict do nothing;
  -- Locked, so that no time zone is replaced while its buckets are written.
  with held as materialized (
    select organization_id, time_zone, next_time_zone from analytics_zones where organization_id = any(owners) for share
  )
  select array_agg(owner), array_agg(zone), array_agg(moment) into owners, zones, moments
  from unnest(owners, moments) as taken(owner, moment) join held on organization_id = owner
    cross join lateral (values (time_zone), (next_time_zone)) as each(zone)
  where zone is not null;
  if owners is not null then
    perform delete_analytics_buckets('{hour,day,third,month}', owners, zones, moments);
    perform count_analytics_buckets('hour', owners, zones, moments);
    perform close_analytics_periods(owners, zones, moments);
  end if;
  return done;
end
$$;
