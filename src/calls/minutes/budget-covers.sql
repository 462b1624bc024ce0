-- Whether what is left of the spending limit covers a participant: each one who is connected, has a seat or a reserve takes `reserve_ms`, and
-- what is left must cover all of them and this one. One who was connected to the call comes back to it as long as anything is left. True
-- without a budget.
create or replace function budget_covers(
  of_organization text, of_call text, of_identity text, reserve_ms bigint, moment timestamptz
) returns boolean language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  left_ms bigint := budget_left_ms(of_organization, moment);
begin
  return left_ms is null
    or left_ms >= reserve_ms * (1 + count_reserving(of_organization, of_call, of_identity, moment))
    or (left_ms > 0 and was_connected(of_organization, of_call, of_identity));
end $$;
