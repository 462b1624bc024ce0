-- The passages of an organization's spaces with any of the words, the best first. An index of words can be used only by a role without
-- tenant policy (`@@` is not leakproof), so it runs as the system, for the organization of the scope and no other; its caller reads what it
-- found under the tenant policy. Each passage has its organization among its words, so that the index leads to those of one.
-- Few passages are all ranked. Of more, those with a rare word come first. A word is common if more than one in twenty of the newest passages
-- has it; common words only order what is near in meaning, or so new that it has no vector. Whatever the words are, the work is bounded.
-- @param near_ids the nearest passages in order; empty when it is not searched by meaning
create or replace function find_memory_texts(
  of_organization text, of_spaces text[], words text, near_ids text[], of_model text, most integer
) returns table (chunk_id text, rank bigint) language plpgsql stable rows 50
set role to auralink_system set plan_cache_mode to force_custom_plan as $$
declare
  ranked_at_most constant integer := 2000;
  sample constant integer := 400;
  of_tenant constant tsquery := quote_literal(of_organization)::tsquery;
  any_word constant tsquery := to_tsquery('simple', words);
  newest_ids text[];
  newest_searches tsvector[];
  most_in_sample integer;
  rare tsquery;
  matched bigint;
  found_ids text[] := '{}';
begin
  if of_organization is distinct from current_organization() then return; end if;
  if (select count(*) <= ranked_at_most from (
    select from memory_chunks c
    where c.organization_id = of_organization and c.space = any(of_spaces) limit ranked_at_most + 1) counted)
  then
    -- The index of words would lead to passages of the whole organization: `is true` keeps the planner from it.
    found_ids := array(
      select c.id from memory_chunks c
      where c.organization_id = of_organization and c.space = any(of_spaces) and c.active and (c.search @@ any_word) is true
      order by ts_rank(c.search, any_word) desc, c.id limit most);
  else
    select array_agg(newest.id), array_agg(newest.search) into newest_ids, newest_searches
    from unnest(of_spaces) each_space cross join lateral (
      select c.id, c.search from memory_chunks c
      where c.organization_id = of_organization and c.space = each_space and c.active
      order by c.id desc limit greatest(sample / cardinality(of_spaces), 1)) newest;
    -- Where rare words lead to too many passages, those that none of the newest has are left.
    foreach most_in_sample in array array[cardinality(newest_ids) / 20, 0] loop
      select to_tsquery('simple', string_agg(word, ' | ')) into rare
      from unnest(string_to_array(words, ' | ')) word cross join lateral to_tsquery('simple', word) query
      where (select count(*) filter (where newest.search @@ query) from unnest(newest_searches) newest (search)) <= most_in_sample;
      exit when rare is null;
      -- The limit is inside, so that it also bounds what is read of other spaces.
      select count(*), coalesce((array_agg(led.id order by ts_rank(led.search, any_word) desc, led.id)
          filter (where led.active and led.space = any(of_spaces)))[1:most], '{}')
        into matched, found_ids
      from (
        select c.id, c.space, c.active, c.search from memory_chunks c
        where c.search @@ (of_tenant && rare) and c.organization_id = of_organization limit ranked_at_most + 1) led;
      exit when matched <= ranked_at_most;
      found_ids := '{}';
    end loop;
    found_ids := found_ids || array(
      select c.id from unnest(near_ids || array(
          select new_id from unnest(newest_ids) new_id
          where not exists (select from memory_vectors v where v.chunk_id = new_id and v.model = of_model)))
          with ordinality candidate (id, place)
        join memory_chunks c on c.id = candidate.id
      where c.organization_id = of_organization and c.space = any(of_spaces) and c.active
        and (c.search @@ any_word) is true and c.id <> all(found_ids)
      order by ts_rank(c.search, any_word) desc, candidate.place limit most - cardinality(found_ids));
  end if;
  return query select ranked.id, ranked.place from unnest(found_ids) with ordinality ranked (id, place);
end $$;
