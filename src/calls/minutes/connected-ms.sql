-- How long participants were connected to the calls of an organization in the calendar month (UTC) of the moment, up to
-- the moment, in milliseconds. It stops counting at `enough`, which bounds its cost, independent of the usage; null
-- counts all.
create or replace function connected_ms(of_organization text, moment timestamptz, enough bigint)
returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  month_start timestamptz := date_trunc('month', moment, 'UTC');
  total bigint := 0;
  lasted bigint;
begin
  for lasted in
    select (extract(epoch from least(coalesce(c.left_at, moment), moment) - c.joined_at) * 1000)::bigint
    from call_connections c
    where c.organization_id = of_organization and c.joined_at >= month_start and c.joined_at < moment and c.connected
    union all
    -- Connections that began in an earlier month and last into this one: few.
    select (extract(epoch from least(coalesce(c.left_at, moment), moment) - month_start) * 1000)::bigint
    from call_connections c
    where c.organization_id = of_organization and (c.left_at is null or c.left_at > month_start)
      and c.joined_at < month_start and c.connected
  loop
    total := total + lasted;
    exit when total >= enough;
  end loop;
  return total;
end $$;
