-- The range of a query, in the time zone of the organization's rollups, and the same time before it. It is either the
-- last `days` days until the end of today, or from the hour of `asked_from` to the end of the hour before `asked_to`. A
-- session plans it once.
create or replace function analytics_range(
  owner text, days integer, asked_from timestamptz, asked_to timestamptz, moment timestamptz
) returns table (time_zone text, from_at timestamptz, to_at timestamptz, before_at timestamptz)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  today timestamp;
begin
  time_zone := coalesce(
    (select z.time_zone from analytics_zones z where z.organization_id = owner),
    (select o.settings->>'timeZone' from organizations o where o.id = owner), 'UTC');
  if days is null then
    from_at := date_trunc('hour', asked_from, time_zone);
    to_at := date_trunc('hour', asked_to + interval '1 hour' - interval '1 microsecond', time_zone);
    before_at := from_at - (to_at - from_at);
  else
    today := date_trunc('day', moment at time zone time_zone);
    from_at := (today - make_interval(days => days - 1)) at time zone time_zone;
    to_at := (today + interval '1 day') at time zone time_zone;
    before_at := (today - make_interval(days => 2 * days - 1)) at time zone time_zone;
  end if;
  return next;
end
$$;
