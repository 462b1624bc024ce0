-- Whether somebody was connected to a call: they may come back to it.
create or replace function was_connected(of_organization text, of_call text, of_identity text)
returns boolean language sql stable as $$
  select exists (
    select from call_participants p
    where p.organization_id = of_organization and p.call_id = of_call and p.identity = of_identity
      and p.joined_at is not null)
$$;
