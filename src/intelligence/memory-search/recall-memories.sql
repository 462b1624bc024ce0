-- Recalls memories by words and by meaning in one statement. Each way ranks passages; a memory scores by the best rank that each gave one
-- of its passages (reciprocal rank fusion: 1 / (60 + rank)). What is returned was read under the tenant policy.
-- `words` or `meaning` is null when it is not searched by.
create or replace function recall_memories(
  of_organization text, of_spaces text[], words text, meaning halfvec, of_model text, now_at timestamptz,
  candidates integer, compared_at_most integer
) returns table (memory_id text, passage text, similarity double precision, score double precision)
language plpgsql stable as $$
begin
  return query
    with near as materialized (
      select n.chunk_id, n.rank, n.similarity
      from find_near_memories(of_organization, of_spaces, meaning, of_model, candidates, compared_at_most) n where meaning is not null
    ), found as (
      select f.chunk_id, f.rank, null::double precision as similarity
      from find_memory_texts(
        of_organization, of_spaces, words, array(select near.chunk_id from near order by near.rank), of_model, candidates) f
      where words is not null
      union all
      select near.chunk_id, near.rank, near.similarity from near
    ), by_memory as (
      select c.memory_id, max(f.similarity) as similarity,
        (array_agg(c.text order by f.rank, f.similarity))[1] as passage,
        coalesce(1.0 / (60 + min(f.rank) filter (where f.similarity is null)), 0)
          + coalesce(1.0 / (60 + min(f.rank) filter (where f.similarity is not null)), 0) as score
      from found f join memory_chunks c on c.id = f.chunk_id and c.organization_id = of_organization
      group by c.memory_id
    )
    select b.memory_id, b.passage, b.similarity, b.score::double precision
    from by_memory b join memories m on m.id = b.memory_id
    where m.organization_id = of_organization and m.space = any(of_spaces) and m.merged_into is null
      and (m.expires_at is null or m.expires_at > now_at)
    order by b.score desc, b.similarity desc nulls last, b.memory_id;
end $$;
