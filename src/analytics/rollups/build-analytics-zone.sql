-- Builds the next month of rollups in an organization's new time zone. When none is left, the new time zone replaces the old
-- one, and the rollups of all others are deleted. Returns whether it is finished.
create or replace function build_analytics_zone(owner text) returns boolean language plpgsql as $$
declare
  target analytics_zones;
  first timestamptz;
  last timestamptz;
  moments timestamptz[];
begin
  select * into target from analytics_zones where organization_id = owner for update;
  if target.next_time_zone is null then
    return true;
  end if;

  select min(started_at) into first from analytics_calls
  where organization_id = owner and (target.built_until is null or started_at >= target.built_until);
  if first is null then
    delete from analytics_buckets where organization_id = owner and time_zone <> target.next_time_zone;
    update analytics_zones set time_zone = next_time_zone, next_time_zone = null, built_until = null
    where organization_id = owner;
    return true;
  end if;

  last := date_trunc('month', first, target.next_time_zone) + interval '32 days';
  last := date_trunc('month', last, target.next_time_zone);
  select array_agg(distinct date_bin('15 minutes', started_at, 'epoch')) into moments from analytics_calls
  where organization_id = owner and started_at >= first and started_at < last;
  perform refresh_analytics_periods(
    array_fill(owner, array[cardinality(moments)]), array_fill(target.next_time_zone, array[cardinality(moments)]), moments);
  perform refresh_analytics_months(
    array_fill(owner, array[cardinality(moments)]), array_fill(target.next_time_zone, array[cardinality(moments)]), moments);
  update analytics_zones set built_until = last where organization_id = owner;
  return false;
end
$$;
