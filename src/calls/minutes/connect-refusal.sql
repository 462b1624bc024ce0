-- Why an identity must not connect to a call, or wait for its connection any longer, by the rules of `hold_minutes` and
-- `hold_budget`; null while it may.
create or replace function connect_refusal(
  of_organization text, of_call text, of_identity text, allowed bigint, reserve_ms bigint, moment timestamptz
) returns text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  if minutes_used_up(of_organization, allowed, moment) and not was_connected(of_organization, of_call, of_identity) then
    return 'minutes_used_up';
  end if;
  if not budget_covers(of_organization, of_call, of_identity, reserve_ms, moment) then
    return 'over_budget';
  end if;
  return null;
end $$;
