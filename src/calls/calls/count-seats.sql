-- How many seats of a call are taken at a moment by others than one participant. Counted are participants who are connected,
-- participants who lost their connection less than 30 seconds ago, and those with a token that the cluster still takes and
-- that they have not used since they last left; not counted are the roles in `seatless`.
create or replace function count_seats(
  of_organization text, of_call text, except_participant text, moment timestamptz, seatless text[]
) returns integer language sql stable as $$
  select count(*)::integer from call_participants p
  where p.organization_id = of_organization and p.call_id = of_call and p.id <> except_participant
    and p.role <> all (seatless)
    and (p.status = 'connected'
      or (p.status = 'disconnected' and p.left_at > moment - interval '30 seconds')
      or (p.seat_until > moment and (p.left_at is null or p.seat_since > p.left_at)))
$$;
