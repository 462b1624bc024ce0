-- How long the connections of an organization that began in a period lasted up to the moment, in milliseconds: what the meter
-- of participant minutes has of the period once all of them have ended.
create or replace function began_ms(of_organization text, starts_at timestamptz, ends_at timestamptz, moment timestamptz)
returns bigint language sql stable as $$
  select coalesce(sum((extract(epoch from least(coalesce(c.left_at, moment), moment) - c.joined_at) * 1000)::bigint), 0)::bigint
  from call_connections c
  where c.organization_id = of_organization and c.joined_at >= starts_at and c.joined_at < least(ends_at, moment) and c.connected
$$;
