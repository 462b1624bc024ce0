-- The transcriptions of an organization in which something is said. An index of words can be used only by a role without tenant policy
-- (`@@` is not leakproof), so it runs as the system, for the organization of the scope and no other; its caller reads what it found under
-- the tenant policy.
create or replace function find_transcripts(of_organization text, words text)
returns table (transcription_id text) language plpgsql stable rows 100 set role to auralink_system as $$
declare
  said tsquery := websearch_to_tsquery('simple', words);
begin
  return query
    select distinct s.transcription_id::text from transcript_segments s
    where to_tsvector('simple', s.text) @@ said
      and s.organization_id = of_organization and s.organization_id = current_organization();
end $$;
