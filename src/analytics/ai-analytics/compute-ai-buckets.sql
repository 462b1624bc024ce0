-- Computes the buckets of marked quarters again, and of quarters in which costs changed: at most `most` of either, the longest marked first.
-- Answers how many of the more frequent kind there were; 0 also while another run computes. A quarter that a commit is marking is left to
-- the next run; one that is marked meanwhile waits for this transaction, and is computed once more.
create or replace function compute_ai_buckets(most integer, meters text[]) returns integer
language plpgsql as $$
declare
  owners text[];
  quarters timestamptz[];
  done integer;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('compute_ai_buckets', 0)) then
    return 0;
  end if;
  with ended as (
    delete from analytics_ai_dirty d
    using (select organization_id, quarter from analytics_ai_dirty order by since, organization_id, quarter limit most
      for update skip locked) oldest
    where d.organization_id = oldest.organization_id and d.quarter = oldest.quarter
    returning d.organization_id, d.quarter
  ), priced as materialized (
    select organization_id, quarter from take_cost_changes(most)
  )
  select array_agg(marked.organization_id), array_agg(marked.quarter),
    greatest((select count(*) from ended), (select count(*) from priced))
  into owners, quarters, done
  from (select organization_id, quarter from ended union select organization_id, quarter from priced) marked;
  if done > 0 then
    perform count_ai_quarters(owners, quarters, meters);
    perform sum_ai_hours(owners, quarters);
    perform close_ai_periods(owners, quarters);
  end if;
  return done;
end
$$;
