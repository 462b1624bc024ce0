-- Memories of a space that have the same words in the same order, and are forgotten at the same time: which to keep, and which to merge into
-- it. A corrected one is kept, the last that was corrected first, otherwise one that others are merged into, otherwise the oldest. Nothing
-- that was corrected, derived or taken apart is merged, nor what others are merged into.
create or replace function find_same_memories(of_organization text, of_space text, most_groups integer, most_merged integer)
returns table (kept_id text, kept_version integer, merged_ids text[]) language plpgsql stable as $$
begin
  return query
    with same as (
      select m.word_hash, m.expires_at from memories m
      where m.organization_id = of_organization and m.space = of_space and m.merged_into is null and m.word_hash <> '' and not m.kept_apart
      group by m.word_hash, m.expires_at having count(*) > 1
    ), ranked as (
      select m.id, m.version, m.word_hash, m.expires_at, corrected.at as corrected_at, merged.number as merged_before,
        row_number() over (partition by m.word_hash, m.expires_at
          order by corrected.at desc nulls last, merged.number desc, m.created_at, m.id) as place
      from same join memories m on m.word_hash = same.word_hash and m.expires_at is not distinct from same.expires_at
        cross join lateral (select max(v.corrected_at) as at from memory_versions v where v.memory_id = m.id) corrected
        cross join lateral (select count(*) as number from memories c where c.merged_into = m.id) merged
      where m.organization_id = of_organization and m.space = of_space and m.merged_into is null and not m.kept_apart
        and not exists (select from memory_sources s where s.memory_id = m.id and s.kind = 'memory')
    )
    select k.id, k.version, (array_agg(r.id order by r.id))[1:most_merged - k.merged_before::integer]
    from ranked k join ranked r on r.word_hash = k.word_hash and r.expires_at is not distinct from k.expires_at
    where k.place = 1 and r.place > 1 and r.corrected_at is null and r.merged_before = 0 and k.merged_before < most_merged
    group by k.id, k.version, k.merged_before
    limit most_groups;
end $$;
