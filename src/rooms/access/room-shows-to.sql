-- Whether a room shows to a user. All rooms do but private ones: direct rooms, and the breakout rooms of direct rooms. A
-- private room shows to its creator, to people who were given a role in it or came into it by other means than a link, and
-- to people who had a seat in one of its calls; not to somebody who only waits there through a link. What a direct room shows
-- to somebody, its breakout rooms do too.
-- A viewer who blocks another person of the room sees it only while they are in its call. `despite_blocks` leaves blocks out of
-- account: a member who blocks another may still join a room that they share.
-- It runs with its caller's rights; the tenant policy of contacts shows a user's own blocks only.
create or replace function room_shows_to(of_room text, viewer text, despite_blocks boolean) returns boolean
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return not exists (
    select from rooms r left join rooms parent on parent.id = r.parent_room_id
    where r.id = of_room and (r.direct or parent.direct)
  ) or exists (
    select from rooms r
      cross join lateral (select not despite_blocks and exists (
        select from contacts b
        where b.organization_id = r.organization_id and b.user_id = viewer and b.blocked_at is not null
          and (b.contact_user_id = r.created_by
            or b.contact_user_id in (select o.user_id from room_people o where o.room_id = r.id))) as blocks) v
    where r.id in (of_room, (select c.parent_room_id from rooms c where c.id = of_room))
      and (
        not v.blocks and (r.created_by = viewer or exists (
          select from room_people p
          where p.room_id = r.id and p.identity = viewer and (room_role(p) is not null or p.link_id is null)))
        or exists (
          select from calls c join call_participants s on s.call_id = c.id
          where c.room_id = r.id and s.identity = viewer
            and (c.status in ('waiting', 'active') or not v.blocks)))
  );
end $$;
