-- Lets memories of others that were merged into one be found again: its author may change and delete what they stored, and nothing else.
create or replace function release_merged(of_organization text, id_of_kept text, of_author text) returns void language plpgsql as $$
begin
  perform from memories m where m.organization_id = of_organization and m.id = id_of_kept for update;
  update memory_chunks c set active = true from memories m
    where m.id = c.memory_id and m.organization_id = of_organization and m.merged_into = id_of_kept and m.author <> of_author;
  update memories m set merged_into = null, version = m.version + 1
    where m.organization_id = of_organization and m.merged_into = id_of_kept and m.author <> of_author;
end $$;
