-- The details of a refusal by the spending limit: the limit, the amount spent, and the amount left beside the reserves
-- of the participants, in micro-units, as the API shows them. The amount spent at the last count is stored. The time
-- since then, by `left_ms`, first uses the included amount and then costs the price of each whole minute.
create or replace function describe_budget(of_organization text, left_ms bigint, reserve_ms bigint, moment timestamptz)
returns json language plpgsql stable as $$
declare
  budget minute_budgets;
  since_ms bigint;
  over_now bigint;
  spent bigint;
  reserved bigint;
begin
  select b.* into budget from minute_budgets b where b.organization_id = of_organization;
  if budget.month_starts_at < date_trunc('month', moment, 'UTC') then
    budget.left_ms := budget.month_ms;
    budget.included_ms := budget.month_ms - coalesce(budget.limit_micros * 60000 / nullif(budget.minute_micros, 0), 0);
    budget.spent_micros := 0;
    budget.over_ms := 0;
  end if;
  since_ms := budget.left_ms - left_ms;
  over_now := budget.over_ms + greatest(since_ms - budget.included_ms, 0);
  spent := budget.spent_micros + (over_now / 60000 - budget.over_ms / 60000) * budget.minute_micros;
  reserved := greatest(reserve_ms * count_reserving(of_organization, null, null, moment)
    - greatest(budget.included_ms - since_ms, 0), 0) * budget.minute_micros / 60000;
  return json_build_object('name', 'spending', 'value', budget.limit_micros, 'used', spent,
    'left', greatest(budget.limit_micros - spent - reserved, 0), 'remedy', 'raise_limit',
    'plan', (select o.plan from organizations o where o.id = of_organization));
end $$;
