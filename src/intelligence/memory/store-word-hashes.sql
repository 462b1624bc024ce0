-- Stores hashes of the words of memories that still say what was read.
create or replace function store_word_hashes(of_organization text, hashes jsonb) returns void language plpgsql as $$
begin
  update memories m set word_hash = h."wordHash"
    from jsonb_to_recordset(hashes) as h (id text, "contentHash" text, "wordHash" text)
    where m.organization_id = of_organization and m.id = h.id and m.content_hash = h."contentHash";
end $$;
