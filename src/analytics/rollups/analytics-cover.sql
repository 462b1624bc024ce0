-- The buckets that make up a range: the largest that lie in it, at most as large as `largest`, and smaller ones at its
-- ends. The day, third and month of the organization's last call may have no bucket, and are read as smaller ones. Each
-- part of the range is one short scan of the primary key, however many buckets the organization has. Planning takes ten
-- times as long as running, so a session plans it once.
create or replace function analytics_cover(
  owner text, zone text, from_at timestamptz, to_at timestamptz, largest text
) returns setof analytics_buckets language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  last_call timestamptz;
  -- Where buckets of days, thirds and months begin and end; infinite where they are too large.
  days timestamptz[] := '{infinity,-infinity}';
  thirds timestamptz[] := '{infinity,-infinity}';
  months timestamptz[] := '{infinity,-infinity}';
begin
  select starts_at into last_call from analytics_buckets
  where organization_id = owner and time_zone = zone and grain = 'hour' order by starts_at desc limit 1;
  if largest <> 'hour' then
    days := analytics_span('day', from_at, to_at, last_call, zone);
  end if;
  if largest = 'month' then
    thirds := analytics_span('third', from_at, to_at, last_call, zone);
    months := analytics_span('month', from_at, to_at, last_call, zone);
  end if;
  return query select b.* from (values
      ('month', months[1], months[2]),
      ('third', thirds[1], least(months[1], thirds[2])),
      ('third', greatest(months[1], months[2]), thirds[2]),
      ('day', days[1], least(thirds[1], days[2])),
      ('day', greatest(thirds[1], thirds[2]), days[2]),
      ('hour', from_at, least(days[1], to_at)),
      ('hour', greatest(days[1], days[2]), to_at)
  ) part(grain, starts_at, ends_at) cross join lateral (
    select * from analytics_buckets each
    where each.organization_id = owner and each.time_zone = zone and each.grain = part.grain
      and each.starts_at >= part.starts_at and each.starts_at < part.ends_at
    -- Kept as it is: joined in another order, all buckets of the organization would be read.
    offset 0
  ) b;
end
$$;
