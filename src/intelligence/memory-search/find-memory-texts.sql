-- The passages of an organization with any of the words, the best first. An index of words can be used only by a role without tenant
-- policy (`@@` is not leakproof), so it runs as the system, for the organization of the scope and no other; its caller reads what it
-- found under the tenant policy. Each passage has its organization among its words, so that the index leads to those of one.
create or replace function find_memory_texts(
  of_organization text, of_spaces text[], words text, most integer
) returns table (chunk_id text, rank bigint) language plpgsql stable rows 50 set role to auralink_system as $$
declare
  of_tenant tsquery := quote_literal(of_organization)::tsquery;
  any_word tsquery := to_tsquery('simple', words);
begin
  return query
    select found.id, row_number() over (order by found.relevance desc, found.id) from (
      select c.id, ts_rank(c.search, any_word) as relevance
      from memory_chunks c
      where c.search @@ (of_tenant && any_word) and c.organization_id = of_organization
        and c.organization_id = current_organization() and c.space = any(of_spaces) and c.active
      order by relevance desc, c.id limit most) found;
end $$;
