-- Fails the transaction with an error code of the catalogue when something would use more of a meter than the plan includes, `included`, and the spending limit
-- of the organization is spent. What was spent is as old as the budget: a minute, or an hour without usage.
create or replace function hold_spending(
  code text, of_organization text, of_meter text, quantity bigint, included bigint, moment timestamptz
) returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if not exists (
    select from minute_budgets b where b.organization_id = of_organization and b.spent_micros >= b.limit_micros
      and b.month_starts_at = date_trunc('month', moment, 'UTC')
  ) then
    return;
  end if;
  if coalesce((select u.quantity from included_uses u
    where u.organization_id = of_organization and u.meter = of_meter and u.month = date_trunc('month', moment, 'UTC')), 0)
    + greatest(quantity, 1) <= included then
    return;
  end if;
  raise exception using errcode = 'AL001', message = code, detail = json_build_object(
    'detail', format('the spending limit of the organization does not cover %s beyond the plan in this month', of_meter),
    'limit', describe_budget(of_organization, budget_left_ms(of_organization, moment), 0, moment));
end $$;
