-- Undoes a merge: the memory is found again, by itself, and is not merged again unless somebody asks for it. False when it has another version
-- than was read, or is not merged. What only it supported is forgotten.
create or replace function unmerge_memory(of_organization text, id_of_memory text, version_of_memory integer) returns boolean
language plpgsql as $$
declare
  kept_id text := (
    select m.merged_into from memories m
    where m.organization_id = of_organization and m.id = id_of_memory and m.version = version_of_memory);
begin
  if kept_id is null then return false; end if;
  perform from memories m where m.organization_id = of_organization and m.id in (kept_id, id_of_memory) order by m.id for update;
  update memories m set merged_into = null, kept_apart = true, version = m.version + 1
    where m.organization_id = of_organization and m.id = id_of_memory and m.version = version_of_memory and m.merged_into = kept_id;
  if not found then return false; end if;
  update memories m set version = m.version + 1 where m.organization_id = of_organization and m.id = kept_id;
  update memory_chunks c set active = true where c.organization_id = of_organization and c.memory_id = id_of_memory;
  perform forget_memories(of_organization, unsupported_memories(of_organization, array[kept_id]));
  return true;
end $$;
