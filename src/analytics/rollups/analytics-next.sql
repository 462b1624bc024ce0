-- Start of the period after the one that starts at a moment. A day has 23 to 25 hours, and its first one may be left out.
create or replace function analytics_next(grain text, start timestamptz, zone text) returns timestamptz
language sql stable as $$
  select case grain when 'hour' then start + interval '1 hour'
    else analytics_floor(grain, start + case grain when 'day' then interval '26 hours' when 'third' then interval '12 days'
      else interval '32 days' end, zone) end
$$;
