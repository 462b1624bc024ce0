-- The role that a room stores for a person, as it is in force at this moment; null when the room's default applies. A role for one
-- call ends with the call. A role that a link gave is capped by what the creator of the link may do: a guest is then a
-- participant, and a member has their own role again. A role that somebody else gave them since is not the link's.
create or replace function room_role(person room_people) returns text
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  if person.role_call_id is not null and not exists (
    select from calls c where c.id = person.role_call_id and c.status in ('waiting', 'active')
  ) then
    return null;
  end if;
  if person.role in ('host', 'moderator') and person.link_id is not null and exists (
    select from links l
    where l.id = person.link_id and l.created_by = person.changed_by
      and cap_link_role(person.role, l.created_by, l.room_id) <> person.role
  ) then
    return case when person.user_id is null then 'participant' end;
  end if;
  return person.role;
end $$;
