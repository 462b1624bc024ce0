-- What an identity finds at a room's door, as one document: the room, what it knows of them, its open call, their place
-- in it, the last time they stood in the lobby, the name of their account, their role in the organization, and whether it
-- is a direct room that they have nothing to do with. Null when there is no such room.
-- A function, because a session keeps its plan: to plan so many tables under row security costs ten times what it costs
-- to read them. It reads as its caller does, behind the same walls.
create function room_door(of_organization text, of_room text, of_identity text) returns json
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare door json;
begin
  select json_build_object(
    'room', json_build_object(
      'id', r.id, 'organizationId', r.organization_id, 'type', r.type, 'status', r.status, 'capacity', r.capacity,
      'features', r.features, 'lobby', r.lobby, 'locked', r.locked, 'emptyTimeoutSeconds', r.empty_timeout_seconds,
      'departureTimeoutSeconds', r.departure_timeout_seconds, 'defaultRoles', r.default_roles,
      'createdBy', r.created_by),
    'person', case when p.identity is not null then
      json_build_object('role', p.role, 'removedAt', p.removed_at) end,
    'call', case when c.id is not null then json_build_object('id', c.id, 'cluster', c.cluster) end,
    'seat', case when s.id is not null then json_build_object('id', s.id) end,
    'entry', case when e.id is not null then json_build_object(
      'id', e.id, 'status', e.status, 'decidedAt', e.decided_at, 'expiresAt', e.expires_at,
      'createdAt', e.created_at) end,
    'accountName', (select u.name from users u where u.id = of_identity),
    'memberRole', (
      select m.role from members m
      where m.organization_id = of_organization and m.user_id = of_identity and m.status = 'active'),
    'stranger', r.direct and r.created_by is distinct from of_identity and p.identity is null and not exists (
      select from calls k join call_participants w on w.call_id = k.id
      where k.room_id = r.id and w.identity = of_identity) and not exists (
      select from rings g where g.room_id = r.id and g.callee_id = of_identity))
  into door
  from rooms r
    left join room_people p on p.room_id = r.id and p.identity = of_identity
    left join calls c on c.room_id = r.id and c.status in ('waiting', 'active')
    left join call_participants s on s.call_id = c.id and s.identity = of_identity
    left join lobby_entries e on e.room_id = r.id and e.identity = of_identity
  where r.id = of_room and r.organization_id = of_organization and r.deleted_at is null
    and exists (select from organizations o where o.id = r.organization_id and o.deleted_at is null)
  order by e.id desc nulls last
  limit 1;
  return door;
end $$;
--> statement-breakpoint
-- Gives an identity a seat in an open call, alone: the call's row is locked until the end of the transaction, and each
-- statement after it sees what others did before the lock was granted. Who is known in the call keeps what the ledger
-- tells of them; name, role, region and the seat itself are the new ones. `seats` says how many the call has; null for
-- who sits nowhere. Taken are the seats of who is connected, of who lost the connection a moment ago, and of who got a
-- token since they were last there and may still use it; never one's own, never those of `seatless` roles.
create function take_seat(seat jsonb, seats integer, seatless text[]) returns void
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
    seat_since = excluded.seat_since, seat_until = excluded.seat_until, updated_at = excluded.updated_at
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
