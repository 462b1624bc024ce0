-- Gives an identity a seat in an open call. The call's row is locked until the end of the transaction, and each later
-- statement sees what others committed before the lock was granted. An identity that is already in the call keeps what
-- the ledger recorded about it; name, role, region and the seat itself are replaced.
-- `seats` is the number of seats the call has; null for a role that takes none, and for hosts, who always find one.
-- Unless `seat.approved`, a guest is refused while many others who came from their network, or by their link, have seats
-- without ever having connected: `most` of a link, and at most 10 of a network.
-- Fails with `rooms.full` or `rooms.seats_unclaimed`, or with `request.stale` when the call has ended or the identity is in
-- it under another id.
create or replace function take_seat(seat jsonb, seats integer, seatless text[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  taken call_participants := jsonb_populate_record(null::call_participants, seat);
  moment timestamptz := taken.seat_since;
  most integer := greatest(3, seats / 2);
  unclaimed_of_network integer;
  unclaimed_of_link integer;
begin
  perform from calls c
  where c.organization_id = taken.organization_id and c.id = taken.call_id and c.status in ('waiting', 'active')
  for update;
  perform guard(found, 'request.stale');

  insert into call_participants as known select taken.*
  on conflict (call_id, identity) do update set
    name = excluded.name, role = excluded.role, region = excluded.region, user_id = excluded.user_id,
    seat_since = excluded.seat_since, seat_until = excluded.seat_until, credential = excluded.credential,
    network = coalesce(excluded.network, known.network), link_id = coalesce(excluded.link_id, known.link_id),
    updated_at = excluded.updated_at
  where known.id = excluded.id;
  perform guard(found, 'request.stale');

  if seats is not null then
    perform guard(
      seats > count_seats(taken.organization_id, taken.call_id, taken.id, moment, seatless), 'rooms.full');
  end if;

  if seats is not null and taken.kind = 'guest' and not coalesce((seat->>'approved')::boolean, false) then
    select count(*) filter (where p.network = taken.network), count(*) filter (where p.link_id = taken.link_id)
    into unclaimed_of_network, unclaimed_of_link
    from call_participants p
    where p.organization_id = taken.organization_id and p.call_id = taken.call_id and p.id <> taken.id
      and p.kind = 'guest' and p.joined_at is null and p.seat_until > moment;
    perform guard(unclaimed_of_network < least(10, most) and unclaimed_of_link < most, 'rooms.seats_unclaimed');
  end if;
end $$;
