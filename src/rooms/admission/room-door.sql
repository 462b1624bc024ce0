-- Everything that a join request needs to know, as one JSON document: the room, what is stored about this identity, the
-- link they first came by (also a deleted one, because it still limits what they may use), the open call, their seat in
-- it, their last lobby entry, their account's name, and their role in the organization. `stranger` is true when the room
-- does not show to the identity, blocks aside (`room_shows_to`, in `rooms/access`), and no ring into it was accepted or is
-- ringing; one that is ringing counts until `rungUntil`. `hadSeat` is false for a guest who never had a seat in the room.
-- Null when there is no such room.
-- It is a function so that a session keeps the plan: planning these joins under row-level security costs ten times what
-- reading the rows costs. It runs with its caller's rights, under the same tenant policies.
create or replace function room_door(of_organization text, of_room text, of_identity text) returns json
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare door json;
begin
  select json_build_object(
    'room', json_build_object(
      'id', r.id, 'organizationId', r.organization_id, 'type', r.type, 'status', r.status, 'capacity', r.capacity,
      'features', r.features, 'lobby', r.lobby, 'waitForHost', r.wait_for_host,
      'locked', r.locked, 'emptyTimeoutSeconds', r.empty_timeout_seconds,
      'departureTimeoutSeconds', r.departure_timeout_seconds, 'defaultRoles', r.default_roles,
      'createdBy', r.created_by, 'cluster', r.cluster),
    'person', case when p.identity is not null then
      json_build_object('role', room_role(p), 'linkId', p.link_id, 'removedAt', p.removed_at) end,
    'link', case when l.id is not null then json_build_object(
      'id', l.id, 'roomId', l.room_id, 'callId', l.call_id, 'access', l.access, 'defaultRole', cap_link_role(l.default_role, l.created_by, l.room_id),
      'isActive', l.is_active, 'expiresAt', l.expires_at, 'deletedAt', l.deleted_at, 'requireApproval', l.require_approval, 'enableRecording', l.enable_recording,
      'enableScreenShare', l.enable_screen_share, 'enableChat', l.enable_chat, 'createdBy', l.created_by) end,
    'call', case when c.id is not null then json_build_object('id', c.id, 'cluster', c.cluster) end,
    'hostCame', exists (
      select from call_participants h where h.call_id = c.id and h.role = 'host' and h.joined_at is not null),
    'seat', case when s.id is not null then json_build_object(
      'id', s.id, 'joinedAt', s.joined_at, 'seatUntil', s.seat_until) end,
    'lacksRecordingConsent', c.id is not null and lacks_recording_consent(c.id, of_identity, false),
    'entry', case when e.id is not null then json_build_object(
      'id', e.id, 'status', e.status,
      'role', case when l.id is null or e.decided_by is not null then e.role else cap_link_role(e.role, l.created_by, l.room_id) end, 'callId', e.call_id, 'decidedAt', e.decided_at,
      'isDecidedByPerson', e.decided_by is not null, 'expiresAt', e.expires_at,
      'createdAt', e.created_at) end,
    'accountName', (select u.name from users u where u.id = of_identity),
    'memberRole', (
      select m.role from members m
      where m.organization_id = of_organization and m.user_id = of_identity and m.status = 'active'),
    'hadSeat', of_identity not like 'gst\_%' or s.id is not null or exists (
      select from calls a join call_participants b on b.call_id = a.id
      where a.room_id = r.id and b.identity = of_identity),
    'stranger', v.hidden and g.accepted is null,
    'rungUntil', case when v.hidden and not g.accepted then g.until end)
  into door
  from rooms r
    left join room_people p on p.room_id = r.id and p.identity = of_identity
    left join links l on l.id = p.link_id and l.organization_id = of_organization
    left join calls c on c.room_id = r.id and c.status in ('waiting', 'active')
    left join call_participants s on s.call_id = c.id and s.identity = of_identity
    left join lobby_entries e on e.room_id = r.id and e.identity = of_identity
    cross join lateral (
      select (r.direct or r.parent_room_id is not null) and not room_shows_to(r.id, of_identity, true) as hidden) v
    left join lateral (
      select bool_or(i.status = 'accepted') as accepted, max(i.expires_at) as until from rings i
      where v.hidden and i.room_id = r.id and i.callee_id = of_identity and i.status in ('ringing', 'accepted')) g on true
  where r.id = of_room and r.organization_id = of_organization and r.deleted_at is null
    and exists (select from organizations o where o.id = r.organization_id and o.deleted_at is null)
  order by e.id desc nulls last
  limit 1;
  return door;
end $$;
