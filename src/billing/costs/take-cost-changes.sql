-- Takes quarters of an hour in which costs of models changed, the earliest changes first, at most `most`: the caller
-- sums their cost lines again in the same transaction, in a later statement. A quarter that a commit is changing now is
-- left to the next time. A later change waits for this transaction, and adds the quarter again.
create or replace function take_cost_changes(most integer) returns table (organization_id text, quarter timestamptz)
language sql as $$
  delete from cost_changes d
  using (select c.organization_id, c.quarter from cost_changes c order by c.since, c.organization_id, c.quarter limit most
    for update skip locked) oldest
  where d.organization_id = oldest.organization_id and d.quarter = oldest.quarter
  returning d.organization_id, d.quarter
$$;
