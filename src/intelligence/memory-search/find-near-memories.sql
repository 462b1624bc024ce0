-- The passages of an organization's spaces whose vectors are nearest to one, the nearest first. Few vectors are all compared; of many the
-- index is asked, which continues until it has enough that show to the caller, and when it gives up before that all are compared.
create or replace function find_near_memories(
  of_organization text, of_spaces text[], meaning halfvec, of_model text, most integer, compared_at_most integer
) returns table (chunk_id text, rank bigint, similarity double precision) language plpgsql stable rows 50 as $$
declare
  is_small boolean := (
    select count(*) <= compared_at_most from (
      select from memory_vectors v
      where v.organization_id = of_organization and v.space = any(of_spaces) limit compared_at_most + 1) counted);
  found_ids text[];
  distances double precision[];
begin
  if not is_small then
    -- Without sorting the planner has only the index left, which it estimates too high.
    perform set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '200', true),
      set_config('hnsw.max_scan_tuples', '40000', true), set_config('enable_sort', 'off', true);
    select array_agg(near.chunk_id), array_agg(near.distance) into found_ids, distances from (
      select v.chunk_id, v.embedding <#> meaning as distance from memory_vectors v
      where v.organization_id = of_organization and v.space = any(of_spaces) and v.model = of_model and v.embedding is not null
      order by v.embedding <#> meaning limit most) near;
    perform set_config('enable_sort', 'on', true);
  end if;
  if is_small or coalesce(cardinality(found_ids), 0) < most then
    -- The sum is in no index, so that the order is exact.
    select array_agg(near.chunk_id), array_agg(near.distance) into found_ids, distances from (
      select v.chunk_id, (v.embedding <#> meaning) + 0 as distance from memory_vectors v
      where v.organization_id = of_organization and v.space = any(of_spaces) and v.model = of_model and v.embedding is not null
      order by (v.embedding <#> meaning) + 0 limit most) near;
  end if;
  return query
    select near.id, row_number() over (order by near.distance, near.id), -near.distance
    from unnest(found_ids, distances) as near (id, distance);
end $$;
