-- The sums of each day, week or month of a time zone in a range, of one feature or (empty) of all; no row for a step
-- without a request. They come from hours (UTC), and from quarters where a step begins or ends within an hour. A
-- session plans it once.
create or replace function ai_analytics_timeline(
  owner text, unit text, zone text, from_at timestamptz, to_at timestamptz, of_feature text
) returns table (
  day date, requests bigint, failed bigint, tokens bigint, amount bigint, known bigint, unknown bigint
) language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return query
  select s.local::date, sum(p.requests)::bigint, sum(p.failed)::bigint, sum(p.tokens)::bigint, sum(p.amount_micros)::bigint,
    sum(p.known)::bigint, sum(p.unknown)::bigint
  from (
    select local, greatest(local at time zone zone, from_at) as starts_at,
      least((local + ('1 ' || unit)::interval) at time zone zone, to_at) as ends_at
    from generate_series(date_trunc(unit, from_at at time zone zone), (to_at - interval '1 microsecond') at time zone zone,
      ('1 ' || unit)::interval) as local
  ) s
  cross join lateral (
    select date_trunc('hour', s.starts_at + interval '1 hour' - interval '1 microsecond', 'UTC') as first_hour,
      date_trunc('hour', s.ends_at, 'UTC') as last_hour
  ) h
  cross join lateral (
    select a.requests, a.failed, a.tokens, a.amount_micros, a.known, a.unknown from analytics_ai_hours a
    where a.organization_id = owner and a.feature = of_feature and a.starts_at >= h.first_hour and a.starts_at < h.last_hour
    union all
    select b.requests, b.failed, b.input_tokens + b.output_tokens + b.cache_read_tokens + b.cache_write_tokens, b.amount_micros,
      b.known, b.unknown
    from (values (s.starts_at, least(h.first_hour, s.ends_at)), (greatest(h.first_hour, h.last_hour), s.ends_at)) as part(starts_at, ends_at)
    cross join lateral (
      select * from analytics_ai_buckets q
      where part.starts_at < part.ends_at and q.organization_id = owner and q.grain = 'quarter' and q.starts_at >= part.starts_at
        and q.starts_at < part.ends_at and (of_feature = '' or q.feature = of_feature)
      offset 0) b
  ) p
  group by 1 order by 1;
end
$$;
