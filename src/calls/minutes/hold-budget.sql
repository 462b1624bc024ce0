-- Fails the transaction with an error code of the catalogue when the spending limit of the organization does not cover another
-- participant, by `budget_covers`. Admissions of an organization with a budget wait for each other, so that none counts too few. A seat
-- that is never used ends with its token, and so does what it reserves.
create or replace function hold_budget(
  code text, of_organization text, of_call text, of_identity text, reserve_ms bigint, moment timestamptz
) returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if not exists (select from minute_budgets b where b.organization_id = of_organization) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(of_organization || '/minute_budget', 0));
  if budget_covers(of_organization, of_call, of_identity, reserve_ms, moment) then
    return;
  end if;
  raise exception using errcode = 'AL001', message = code, detail = json_build_object(
    'detail', 'the spending limit of the organization does not cover another participant in this month',
    'limit', describe_budget(of_organization, budget_left_ms(of_organization, moment), reserve_ms, moment));
end $$;
