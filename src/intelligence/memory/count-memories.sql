-- How many memories an organization has, those of its people with them, which the tenant policy hides: it runs as the system.
create or replace function count_memories(of_organization text) returns bigint
language plpgsql stable set role to auralink_system as $$
begin
  perform require_organization(of_organization);
  return (select count(*) from memories m where m.organization_id = of_organization);
end $$;
