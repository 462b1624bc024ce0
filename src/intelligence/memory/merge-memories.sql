-- Merges memories of one space into another of it, which is found in their place from now on. False, and nothing is changed, when the memory
-- that is kept has another version than was read, or one of them cannot be merged: it is merged already, others are merged into it, it was
-- derived, or it is forgotten at another time.
create or replace function merge_memories(
  of_organization text, id_of_kept text, version_of_kept integer, ids_of_merged text[], most integer
) returns boolean language plpgsql as $$
declare
  kept memories%rowtype;
begin
  perform from memories m where m.organization_id = of_organization and m.id = any(ids_of_merged || id_of_kept) order by m.id for update;
  select * into kept from memories m
    where m.organization_id = of_organization and m.id = id_of_kept and m.version = version_of_kept and m.merged_into is null;
  if not found or id_of_kept = any(ids_of_merged)
    or exists (select from memory_sources s where s.memory_id = id_of_kept and s.kind = 'memory')
    or most < cardinality(ids_of_merged) + (select count(*) from memories c where c.merged_into = id_of_kept)
    or cardinality(ids_of_merged) <> (
      select count(*) from memories m
      where m.organization_id = of_organization and m.id = any(ids_of_merged) and m.space = kept.space and m.merged_into is null
        and m.expires_at is not distinct from kept.expires_at
        and not exists (select from memories c where c.merged_into = m.id)
        and not exists (select from memory_sources s where s.memory_id = m.id and s.kind = 'memory'))
  then return false;
  end if;
  update memories m set version = m.version + 1 where m.id = id_of_kept;
  update memories m set merged_into = id_of_kept, kept_apart = false, version = m.version + 1 where m.id = any(ids_of_merged);
  -- New passages: their vectors go, so that they take no place among the nearest.
  with gone as (delete from memory_chunks c where c.memory_id = any(ids_of_merged) returning c.*)
  insert into memory_chunks (id, organization_id, memory_id, space, text, search, active)
    select m.id || '.' || m.version || '.' || split_part(gone.id, '.', 3), gone.organization_id, m.id, gone.space, gone.text, gone.search, false
    from gone join memories m on m.id = gone.memory_id;
  return true;
end $$;
