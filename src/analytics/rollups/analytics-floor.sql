-- Start of the hour, day, third of a month or month of a time zone in which a moment lies. The thirds of a month are its days
-- 1 to 10, 11 to 20, and the rest.
create or replace function analytics_floor(grain text, moment timestamptz, zone text) returns timestamptz
language sql stable as $$
  select case when grain = 'third' then
    (date_trunc('month', moment at time zone zone)
      + least(2, (extract(day from moment at time zone zone)::integer - 1) / 10) * interval '10 days') at time zone zone
    else date_trunc(grain, moment, zone) end
$$;
