-- Fails the transaction with an error code of the catalogue when the spending limit of the organization does not cover another
-- participant: each one who is connected or has a seat reserves `reserve_ms`, and what is left must cover all of them and the new
-- one. Admissions of an organization with a budget wait for each other, so that none counts too few. A person who was connected
-- to the call comes back to it as long as anything is left. A seat that is never used ends with its token, and so does what it reserves.
create or replace function hold_budget(
  code text, of_organization text, of_call text, of_identity text, reserve_ms bigint, moment timestamptz
) returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  left_ms bigint;
begin
  if not exists (select from minute_budgets b where b.organization_id = of_organization) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(of_organization || '/minute_budget', 0));
  left_ms := budget_left_ms(of_organization, moment);
  if left_ms is null
    or left_ms >= reserve_ms * (1 + count_reserving(of_organization, of_call, of_identity, moment)) then
    return;
  end if;
  if left_ms > 0 and exists (
    select from call_participants p
    where p.organization_id = of_organization and p.call_id = of_call and p.identity = of_identity
      and p.joined_at is not null
  ) then
    return;
  end if;
  raise exception using errcode = 'AL001', message = code, detail = json_build_object(
    'detail', 'the spending limit of the organization does not cover another participant in this month',
    'limit', describe_budget(of_organization, left_ms, reserve_ms, moment));
end $$;
