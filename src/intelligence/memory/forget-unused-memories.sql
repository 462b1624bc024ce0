-- Forgets memories of a space that were neither recalled nor changed since a moment, and of those beyond a number first the ones of the author
-- who has most there, for which that is longest; with what was merged into them. So somebody who stores many forgets none of others. At most
-- so many; null is no limit.
-- @return how many were found
create or replace function forget_unused_memories(
  of_organization text, of_space text, unused_since timestamptz, most_kept integer, most integer
) returns bigint language plpgsql as $$
declare
  found_ids text[];
begin
  select coalesce(array_agg(unused.id), '{}') into found_ids from (
    select ordered.id from (
      select of_author.id, of_author.used, row_number() over (order by of_author.place, of_author.used desc, of_author.id desc) as place
      from (
        select m.id, greatest(m.used_at, m.updated_at) as used,
          row_number() over (partition by m.author order by greatest(m.used_at, m.updated_at) desc, m.id desc) as place
        from memories m where m.organization_id = of_organization and m.space = of_space and m.merged_into is null) of_author) ordered
    where ordered.used < unused_since or ordered.place > most_kept
    order by ordered.place desc limit most) unused;
  perform forget_memories(of_organization, found_ids || array(
    select c.id from memories c where c.organization_id = of_organization and c.merged_into = any(found_ids)));
  return cardinality(found_ids);
end $$;
