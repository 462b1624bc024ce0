-- The trigger of `agent_messages`: what deleted messages supported is forgotten with them, whatever deletes them, also the end of an account, an API
-- key or an agent. Memories may be of other people, whom the tenant policy hides: it runs as the system.
create or replace function forget_deleted_messages() returns trigger language plpgsql set role to auralink_system as $$
declare
  lost record;
begin
  for lost in select d.organization_id, array_agg(d.id::text) as ids from deleted_messages d group by d.organization_id loop
    perform require_organization(lost.organization_id);
    perform forget_lost_sources(lost.organization_id, 'agent_message', lost.ids);
  end loop;
  return null;
end $$;
