-- How many participants of an organization, of all roles, are connected to its calls, have a seat that they may still use, or a reserve,
-- without one of them.
create or replace function count_reserving(of_organization text, except_call text, except_identity text, moment timestamptz)
returns bigint language sql stable as $$
  select count(*) from (
    select p.call_id, p.identity from calls c
    join call_participants p on p.call_id = c.id
    where c.organization_id = of_organization and c.status in ('waiting', 'active')
      and (p.status = 'connected'
        or (p.status = 'disconnected' and p.left_at > moment - interval '30 seconds')
        or (p.seat_until > moment and (p.left_at is null or p.seat_since > p.left_at)))
    union
    select r.call_id, r.identity from minute_reserves r
    join calls c on c.id = r.call_id
    where r.organization_id = of_organization and c.status in ('waiting', 'active')
  ) p
  where p.call_id is distinct from except_call or p.identity is distinct from except_identity
$$;
