-- Forgets the memories of an agent, with all that was derived from them, in the commit that deletes the agent.
create or replace function forget_memories_of_agent(of_organization text, of_agent text) returns bigint
language plpgsql set role to auralink_system as $$
begin
  return forget_memories(of_organization, array(
    select m.id::text from memories m where m.organization_id = of_organization and m.agent_id = of_agent));
end $$;
