-- Gives an identity a seat in an open call. The call's row is locked until the end of the transaction, and each later
-- statement sees what others committed before the lock was granted. An identity that is already in the call keeps what
-- the ledger recorded about it; name, role, region and the seat itself are replaced.
-- `seats` is the number of seats the call has; null for a role that takes none. Counted are participants who are
-- connected, participants who lost their connection less than 30 seconds ago, and those who hold a token that they have
-- not used since they last left; not counted are the identity itself and the roles in `seatless`.
-- Fails with `rooms.full`, or with `request.stale` when the call has ended or the identity is in it under another id.
create or replace function take_seat(seat jsonb, seats integer, seatless text[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  taken call_participants := jsonb_populate_record(null::call_participants, seat);
  moment timestamptz := taken.seat_since;
begin
  perform from calls c
  where c.organization_id = taken.organization_id and c.id = taken.call_id and c.status in ('waiting', 'active')
  for update;
  perform guard(found, 'request.stale');

  insert into call_participants as known select taken.*
  on conflict (call_id, identity) do update set
    name = excluded.name, role = excluded.role, region = excluded.region, user_id = excluded.user_id,
    seat_since = excluded.seat_since, seat_until = excluded.seat_until, credential = excluded.credential,
    updated_at = excluded.updated_at
  where known.id = excluded.id;
  perform guard(found, 'request.stale');

  if seats is not null then
    perform guard(seats > (
      select count(*) from call_participants p
      where p.organization_id = taken.organization_id and p.call_id = taken.call_id and p.id <> taken.id
        and p.role <> all (seatless)
        and (p.status = 'connected'
          or (p.status = 'disconnected' and p.left_at > moment - interval '30 seconds')
          or (p.seat_until > moment and (p.left_at is null or p.seat_since > p.left_at)))), 'rooms.full');
  end if;
end $$;
