-- Those of the memories that nothing supports: neither a source of their own, nor one of a memory that was merged into them. They are locked:
-- merging, undoing a merge and losing a source wait for each other.
create or replace function unsupported_memories(of_organization text, ids_of_memories text[]) returns text[]
language plpgsql set role to auralink_system as $$
begin
  perform require_organization(of_organization);
  perform from memories m where m.organization_id = of_organization and m.id = any(ids_of_memories) order by m.id for update;
  return array(
    select m.id from memories m where m.organization_id = of_organization and m.id = any(ids_of_memories)
      and not exists (select from memory_sources s where s.memory_id = m.id)
      and not exists (select from memories c join memory_sources s on s.memory_id = c.id where c.merged_into = m.id));
end $$;
