-- What an agent for managers remembers shows to its author, and to those who manage agents, only as long as they may do anything in the
-- organization: while the member is active, or the key is not revoked.
do $$
declare
  of_memory text;
begin
  foreach of_memory in array array['memories', 'memory_sources', 'memory_versions', 'memory_chunks', 'memory_vectors'] loop
    execute format('drop policy agent on %I', of_memory);
    execute format(
      $policy$create policy agent on %I as restrictive to auralink_app using (
        not starts_with(space, 'agent:') or space in (
          select 'agent:' || a.id from agents a
          where a.audience = 'organization'
            or exists (
              select from members m where m.organization_id = a.organization_id and m.user_id = (select current_actor())
                and m.status = 'active' and (m.role in ('owner', 'admin') or m.user_id = a.author))
            or exists (
              select from api_keys k where k.organization_id = a.organization_id and k.id = (select current_actor())
                and k.revoked_at is null and (k.scopes ? 'admin' or k.id = a.author))))$policy$,
      of_memory);
  end loop;
end $$;
