-- The buckets that together are a range: the largest that lie in it, at most as large as `largest`, and smaller ones at its
-- ends. A month that has no bucket, because it is not over, is its days. Each part of the range is one short way through the
-- primary key, however many buckets the organization has. To plan it takes ten times as long
-- as to run it, so a session plans it once.
create or replace function analytics_cover(
  owner text, zone text, from_at timestamptz, to_at timestamptz, largest text
) returns setof analytics_buckets language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return query select b.* from (
    select
      case when largest = 'hour' then 'infinity' when date_trunc('day', from_at, zone) = from_at then from_at
        else date_trunc('day', date_trunc('day', from_at, zone) + interval '26 hours', zone) end as first_day,
      date_trunc('day', to_at, zone) as last_day,
      case when largest <> 'month' then 'infinity' when date_trunc('month', from_at, zone) = from_at then from_at
        else date_trunc('month', date_trunc('month', from_at, zone) + interval '32 days', zone) end as first_month,
      date_trunc('month', to_at, zone) as last_month
  ) edge cross join lateral (
    select case when exists (
        select from analytics_buckets m where m.organization_id = owner and m.time_zone = zone and m.grain = 'month'
          and m.starts_at = date_trunc('month', inner_month, zone)) then 'month' else 'day' end as grain,
      date_trunc('month', inner_month, zone) as starts_at,
      date_trunc('month', date_trunc('month', inner_month, zone) + interval '32 days', zone) as ends_at
    from generate_series(first_month, last_month - interval '1 day', interval '1 month', zone) as inner_month
    where largest = 'month'
    union all
    values
      ('day', first_day, least(first_month, last_day)),
      ('day', greatest(first_month, last_month), last_day),
      ('hour', from_at, least(first_day, to_at)),
      ('hour', greatest(first_day, last_day), to_at)
  ) part cross join lateral (
    select * from analytics_buckets each
    where each.organization_id = owner and each.time_zone = zone and each.grain = part.grain
      and each.starts_at >= part.starts_at and each.starts_at < part.ends_at
    -- Kept as it is: joined in another order, all buckets of the organization would be read.
    offset 0
  ) b;
end
$$;
