-- Notes that memories were recalled, with those that they were derived from. To the hour, so that a memory that is recalled often is
-- written seldom.
create or replace function use_memories(of_organization text, ids_of_memories text[], now_at timestamptz) returns void
language plpgsql as $$
begin
  update memories m set used_at = now_at
    where m.organization_id = of_organization and (m.used_at is null or m.used_at < now_at - interval '1 hour')
      and (m.id = any(ids_of_memories) or m.id in (
        select s.source_id from memory_sources s where s.memory_id = any(ids_of_memories) and s.kind = 'memory'));
end $$;
