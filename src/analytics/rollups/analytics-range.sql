-- The range of a question, in the time zone of the organization's rollups: either the last `days` days until the end of
-- today, or from the hour of `asked_from` to the end of the hour before `asked_to`; and as much time before it. A session
-- plans it once.
create or replace function analytics_range(
  owner text, days integer, asked_from timestamptz, asked_to timestamptz, moment timestamptz
) returns table (time_zone text, from_at timestamptz, to_at timestamptz, before_at timestamptz)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return query with zone as (
    select coalesce(
      (select z.time_zone from analytics_zones z where z.organization_id = owner),
      (select o.settings->>'timeZone' from organizations o where o.id = owner), 'UTC') as name
  ), today as (
    select zone.name, date_trunc('day', moment at time zone zone.name) as day from zone
  ), local as (
    select name as time_zone,
      case when days is null then date_trunc('hour', asked_from, name)
        else (day - make_interval(days => days - 1)) at time zone name end as from_at,
      case when days is null then date_trunc('hour', asked_to + interval '1 hour' - interval '1 microsecond', name)
        else (day + interval '1 day') at time zone name end as to_at,
      (day - make_interval(days => 2 * days - 1)) at time zone name as days_before
    from today
  )
  select local.time_zone, local.from_at, local.to_at,
    coalesce(days_before, local.from_at - (local.to_at - local.from_at)) from local;
end
$$;
