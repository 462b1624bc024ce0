-- The buckets that make up a range which begins and ends at full quarters: the largest that lie in it, and smaller ones
-- at its ends, like `analytics_cover` for calls. Planning takes longer than running, so a session plans it once.
create or replace function ai_analytics_cover(owner text, from_at timestamptz, to_at timestamptz) returns setof analytics_ai_buckets
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  last_hour timestamptz;
  -- Where buckets of each size begin and end.
  hours timestamptz[] := analytics_span('hour', from_at, to_at, 'infinity', 'UTC');
  days timestamptz[];
  thirds timestamptz[];
  months timestamptz[];
begin
  select b.starts_at into last_hour from analytics_ai_buckets b
  where b.organization_id = owner and b.grain = 'hour' order by b.starts_at desc limit 1;
  days := analytics_span('day', from_at, to_at, last_hour, 'UTC');
  thirds := analytics_span('third', from_at, to_at, last_hour, 'UTC');
  months := analytics_span('month', from_at, to_at, last_hour, 'UTC');
  return query select b.* from (values
      ('month', months[1], months[2]),
      ('third', thirds[1], least(months[1], thirds[2])),
      ('third', greatest(months[1], months[2]), thirds[2]),
      ('day', days[1], least(thirds[1], days[2])),
      ('day', greatest(thirds[1], thirds[2]), days[2]),
      ('hour', hours[1], least(days[1], hours[2])),
      ('hour', greatest(days[1], days[2]), hours[2]),
      ('quarter', from_at, least(hours[1], to_at)),
      ('quarter', greatest(hours[1], hours[2]), to_at)
  ) part(grain, starts_at, ends_at) cross join lateral (
    select * from analytics_ai_buckets each
    where each.organization_id = owner and each.grain = part.grain
      and each.starts_at >= part.starts_at and each.starts_at < part.ends_at
    -- Kept as it is: joined in another order, all buckets of the organization would be read.
    offset 0
  ) b;
end
$$;
