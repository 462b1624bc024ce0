-- Deletes the buckets of the given grains in which the given moments lie, each in the time zone beside it.
create or replace function delete_analytics_buckets(grains text[], owners text[], zones text[], moments timestamptz[])
returns void language plpgsql
-- Found one by one through the primary key: every other way reads all buckets.
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  delete from analytics_buckets b using (
    select distinct owner, zone, wanted, analytics_floor(wanted, moment, zone) as starts_at
    from unnest(owners, zones, moments) as asked(owner, zone, moment) cross join unnest(grains) as wanted) p
  where b.organization_id = p.owner and b.time_zone = p.zone and b.grain = p.wanted and b.starts_at = p.starts_at;
end
$$;
