-- A role that a link gives, capped by what the link's creator may do at this moment: only somebody who could create the link
-- now, a host of the room, an administrator or an API key that manages rooms, makes hosts and moderators by it. Otherwise it is
-- `participant`, so that a meeting takes place without the colleague who created its link.
-- It runs with its caller's rights. The roles and scopes are those that permit `rooms:manage` and `rooms:write`.
create or replace function cap_link_role(given text, creator text, of_room text) returns text
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  if given not in ('host', 'moderator') or creator not like 'usr\_%' and exists (
    select from api_keys k
    where k.id = creator and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and k.scopes ?| array['write', 'admin', 'rooms:write']
  ) or exists (
    select from rooms r
      join members m on m.organization_id = r.organization_id and m.user_id = creator and m.status = 'active'
      left join room_people p on p.room_id = r.id and p.identity = creator
    where r.id = of_room and (m.role in ('owner', 'admin')
      or p.removed_at is null and coalesce(p.role, case when r.created_by = creator then 'host' end) = 'host')
  ) then
    return given;
  end if;
  return 'participant';
end $$;
