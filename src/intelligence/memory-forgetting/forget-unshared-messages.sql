-- The trigger of `agent_conversations`: what a conversation supported for others than its owner is forgotten when it is not shared any more.
create or replace function forget_unshared_messages() returns trigger language plpgsql set role to auralink_system as $$
begin
  perform require_organization(new.organization_id);
  perform forget_lost_sources(new.organization_id, 'agent_message', array(
    select m.id::text from agent_messages m where m.organization_id = new.organization_id and m.conversation_id = new.id));
  return null;
end $$;
