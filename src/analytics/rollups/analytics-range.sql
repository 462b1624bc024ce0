-- The range of a question, in the time zone of the organization's rollups: either the last `days` days until the end of
-- today, or from the hour of `asked_from` to the end of the hour before `asked_to`; and as much time before it.
create or replace function analytics_range(
  owner text, days integer, asked_from timestamptz, asked_to timestamptz, moment timestamptz
) returns table (time_zone text, from_at timestamptz, to_at timestamptz, before_at timestamptz)
language sql stable as $$
  with zone as (
    select coalesce(
      (select z.time_zone from analytics_zones z where z.organization_id = owner),
      (select o.settings->>'timeZone' from organizations o where o.id = owner), 'UTC') as time_zone
  ), today as (
    select time_zone, date_trunc('day', moment at time zone time_zone) as day from zone
  ), local as (
    select time_zone,
      case when days is null then date_trunc('hour', asked_from, time_zone)
        else (day - make_interval(days => days - 1)) at time zone time_zone end as from_at,
      case when days is null then date_trunc('hour', asked_to + interval '1 hour' - interval '1 microsecond', time_zone)
        else (day + interval '1 day') at time zone time_zone end as to_at,
      (day - make_interval(days => 2 * days - 1)) at time zone time_zone as days_before
    from today
  )
  select time_zone, from_at, to_at, coalesce(days_before, from_at - (to_at - from_at)) from local
$$;
