-- Builds the next part of the rollups in an organization's new time zone: full days with about 3,000 calls, so that a large
-- organization's part ends within the time of a statement. When none is left, the new time zone replaces the old one, and the
-- rollups of all others are deleted. Returns whether it is finished.
create or replace function build_analytics_zone(owner text) returns boolean language plpgsql as $$
declare
  target analytics_zones;
  zone text;
  first timestamptz;
  last timestamptz;
  owners text[];
  zones text[];
  moments timestamptz[];
begin
  select * into target from analytics_zones where organization_id = owner for update;
  zone := target.next_time_zone;
  if zone is null then
    return true;
  end if;

  select min(started_at) into first from analytics_calls
  where organization_id = owner and (target.built_until is null or started_at >= target.built_until);
  if first is null then
    delete from analytics_buckets where organization_id = owner and time_zone <> zone;
    update analytics_zones set time_zone = zone, next_time_zone = null, built_until = null where organization_id = owner;
    return true;
  end if;

  select max(started_at) into last from (
    select started_at from analytics_calls where organization_id = owner and started_at >= first
    order by started_at limit 3000) part;
  last := date_trunc('day', last, zone);
  -- At least the whole first day.
  if last <= first then
    last := date_trunc('day', date_trunc('day', first, zone) + interval '26 hours', zone);
  end if;
  select array_agg(distinct date_trunc('hour', started_at, zone)) into moments from analytics_calls
  where organization_id = owner and started_at >= first and started_at < last;
  owners := array_fill(owner, array[cardinality(moments)]);
  zones := array_fill(zone, array[cardinality(moments)]);
  perform delete_analytics_buckets('{hour,day,third,month}', owners, zones, moments);
  perform count_analytics_buckets('hour', owners, zones, moments);
  perform close_analytics_periods(owners, zones, moments);
  update analytics_zones set built_until = last where organization_id = owner;
  return false;
end
$$;
