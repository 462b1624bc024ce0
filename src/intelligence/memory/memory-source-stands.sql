-- Whether a source of a memory is still there, and shows to all to whom the memory does: to one person, or to those of `of_space`.
-- A file that only its call's participants read supports no memory of others.
create or replace function memory_source_stands(
  of_organization text, of_space text, source_kind text, id_of_source text
) returns boolean language plpgsql stable as $$
begin
  return case source_kind
    when 'manual' then true
    when 'message' then exists (
      select from chat_messages m join rooms r on r.id = m.room_id
      where m.id = id_of_source and m.organization_id = of_organization and m.deleted_at is null and r.deleted_at is null
        and (of_space = 'room:' || m.room_id or starts_with(of_space, 'person:')))
    when 'recording' then exists (
      select from recordings c
      where c.id = id_of_source and c.organization_id = of_organization and c.state not in ('deleted', 'expired')
        and (of_space = 'room:' || c.room_id or starts_with(of_space, 'person:')))
    when 'file' then exists (
      select from files f
      where f.id = id_of_source and f.organization_id = of_organization and f.deleted_at is null
        and (f.access in ('organization', 'public') or starts_with(of_space, 'person:')))
    when 'transcript' then exists (
      select from transcriptions t
        left join files f on f.id = t.file_id and f.deleted_at is null
        left join recordings c on c.id = t.recording_id and c.state not in ('deleted', 'expired')
        left join calls k on k.id = t.call_id
        left join rooms r on r.id = coalesce(c.room_id, k.room_id) and r.deleted_at is null
      where t.id = id_of_source and t.organization_id = of_organization and (
        (f.access in ('organization', 'public') or (f.id is not null and starts_with(of_space, 'person:')))
        or (r.id is not null and (of_space = 'room:' || r.id or starts_with(of_space, 'person:')))))
    when 'memory' then exists (
      select from memories p where p.id = id_of_source and p.organization_id = of_organization)
    else false
  end;
end $$;
