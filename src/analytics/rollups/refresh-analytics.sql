-- Computes the rollups again in which at most `most` of the marked moments lie, the longest marked first, in the
-- organization's time zone and in the one that is being built. Returns how many moments were done; 0 also while another
-- refresh runs. A moment that a commit is marking is left to the next run, so that the call it writes is not missed; one that is
-- marked meanwhile waits for the lock on its row, and is marked again.
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
  ), begun as (
    insert into analytics_zones as z (organization_id, time_zone)
    select distinct t.organization_id, coalesce(o.settings->>'timeZone', 'UTC')
    from taken t join organizations o on o.id = t.organization_id
    on conflict (organization_id) do update set time_zone = z.time_zone
    returning z.organization_id, z.time_zone, z.next_time_zone
  ), zoned as (
    select t.organization_id, zone, t.moment
    from taken t join begun using (organization_id) cross join lateral (values (time_zone), (next_time_zone)) as each(zone)
    where zone is not null
  )
  select array_agg(organization_id), array_agg(zone), array_agg(moment), (select count(*) from taken)
  into owners, zones, moments, done from zoned;

  if done > 0 then
    perform refresh_analytics_periods(owners, zones, moments);
    perform refresh_analytics_months(owners, zones, moments);
  end if;
  return coalesce(done, 0);
end
$$;
