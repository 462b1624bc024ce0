-- How long participants were connected to the calls of an organization, in milliseconds: connections that began in the calendar
-- month (UTC) of the moment, those that are open up to the moment. It stops counting at `enough`, so that its cost is bounded by
-- that and not by what was used; null counts all.
create or replace function connected_ms(of_organization text, moment timestamptz, enough bigint)
returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  total bigint := 0;
  lasted bigint;
begin
  for lasted in
    select greatest(0, extract(epoch from coalesce(c.left_at, moment) - c.joined_at) * 1000)::bigint
    from call_connections c
    where c.organization_id = of_organization and c.joined_at >= date_trunc('month', moment, 'UTC')
      and c.joined_at < moment and c.connected
    order by c.joined_at
  loop
    total := total + lasted;
    exit when total >= enough;
  end loop;
  return total;
end $$;
