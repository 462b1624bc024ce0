-- Takes away those of the sources that no longer stand, and forgets the memories that nothing supports any more. A memory that several
-- sources say stays as long as one of them does, also one of a memory that was merged into it; what was derived goes with the first of what
-- it was derived from.
create or replace function forget_lost_sources(
  of_organization text, source_kind text, ids_of_sources text[]
) returns bigint language plpgsql set role to auralink_system as $$
declare
  without_source text[];
begin
  perform require_organization(of_organization);
  with lost as (
    delete from memory_sources s
    where s.organization_id = of_organization and s.kind = source_kind and s.source_id = any(ids_of_sources)
      and not memory_source_stands(of_organization, s.space, s.kind, s.source_id)
    returning s.memory_id
  )
  select coalesce(array_agg(distinct lost.memory_id), '{}') into without_source from lost;
  if source_kind <> 'memory' then
    without_source := unsupported_memories(of_organization, without_source);
  end if;
  return forget_memories(of_organization, without_source);
end $$;
