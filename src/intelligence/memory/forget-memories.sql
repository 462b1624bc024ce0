-- Deletes memories with all that was derived from them, also in other scopes, and makes those that were merged into them found again.
-- What only a deleted memory supported, as it was merged into it, goes, too.
-- What is derived may be of a person, whom the tenant policy hides from others: it runs as the system, for one organization.
create or replace function forget_memories(of_organization text, ids_of_memories text[]) returns bigint
language plpgsql set role to auralink_system as $$
declare
  going text[] := ids_of_memories;
  gone text[];
  supported text[];
  deleted bigint := 0;
begin
  perform require_organization(of_organization);
  while cardinality(going) > 0 loop
    with recursive closure(id) as (
      select m.id from memories m where m.organization_id = of_organization and m.id = any(going)
      union
      select s.memory_id from closure c
        join memory_sources s on s.organization_id = of_organization and s.kind = 'memory' and s.source_id = c.id
    )
    select coalesce(array_agg(closure.id), '{}') into gone from closure;
    -- A merge that has just been committed is seen after this.
    perform from memories m where m.organization_id = of_organization and m.id = any(gone) order by m.id for update;
    select coalesce(array_agg(distinct m.merged_into), '{}') into supported
      from memories m where m.organization_id = of_organization and m.id = any(gone) and m.merged_into is not null;
    update memory_chunks c set active = true
      from memories m where m.id = c.memory_id and m.organization_id = of_organization
        and m.merged_into = any(gone) and not m.id = any(gone);
    delete from memories m where m.organization_id = of_organization and m.id = any(gone);
    deleted := deleted + cardinality(gone);
    going := unsupported_memories(of_organization, supported);
  end loop;
  return deleted;
end $$;
