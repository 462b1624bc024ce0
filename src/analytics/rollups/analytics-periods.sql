-- The hours and days in which the given moments lie, each in the time zone beside it, with the next larger bucket around.
create or replace function analytics_periods(owners text[], zones text[], moments timestamptz[])
returns table (
  organization_id text, time_zone text, grain text, starts_at timestamptz, ends_at timestamptz,
  parent_starts_at timestamptz, parent_ends_at timestamptz
) language sql stable as $$
  with days as (
    select distinct owner, zone, date_trunc('hour', moment, zone) as hour, date_trunc('day', moment, zone) as day
    from unnest(owners, zones, moments) as asked(owner, zone, moment)
  ), bounded as (
    -- A day has 23 to 25 hours, and its first one may be left out: its end is where the next one begins.
    select owner, zone, hour, day, date_trunc('day', day + interval '26 hours', zone) as day_ends,
      date_trunc('month', day, zone) as month,
      date_trunc('month', date_trunc('month', day, zone) + interval '32 days', zone) as month_ends
    from days
  )
  select owner, zone, 'hour', hour, hour + interval '1 hour', day, day_ends from bounded
  union
  select owner, zone, 'day', day, day_ends, month, month_ends from bounded
$$;
