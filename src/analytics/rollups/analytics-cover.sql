-- The buckets that together are a range: the largest that lie in it, at most as large as `largest`, and smaller ones where
-- the larger one around them reaches beyond it.
create or replace function analytics_cover(
  owner text, zone text, from_at timestamptz, to_at timestamptz, largest text
) returns setof analytics_buckets language sql stable as $$
  select b.* from analytics_buckets b
  where b.organization_id = owner and b.time_zone = zone and b.starts_at >= from_at and b.ends_at <= to_at
    and (b.grain = largest
      or ((b.grain = 'hour' or (b.grain = 'day' and largest = 'month'))
        and not (b.parent_starts_at >= from_at and b.parent_ends_at <= to_at)))
$$;
