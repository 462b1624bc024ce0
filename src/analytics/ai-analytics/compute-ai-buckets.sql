-- Computes the buckets of marked quarters again, at most `most`, the longest marked first, without those that are
-- postponed. Returns their number, or 0 while another run computes. A quarter that a commit is marking now is left to
-- the next run. Marking a quarter waits for this transaction, and the quarter is then computed once more.
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
  with taken as (
    delete from analytics_ai_dirty d
    using (select organization_id, quarter from analytics_ai_dirty where postponed_until is null
      order by since, organization_id, quarter limit most for update skip locked) oldest
    where d.organization_id = oldest.organization_id and d.quarter = oldest.quarter
    returning d.organization_id, d.quarter
  )
  select array_agg(organization_id), array_agg(quarter), count(*) into owners, quarters, done from taken;
  if done > 0 then
    perform count_ai_quarters(owners, quarters, meters);
    perform sum_ai_hours(owners, quarters);
    perform close_ai_periods(owners, quarters);
  end if;
  return done;
end
$$;
