-- How long participants of an organization can still be connected in the calendar month (UTC) of the moment before its spending limit is
-- reached, in milliseconds; negative beyond it. Null without a budget. In a month that was not counted yet, it begins with what a whole
-- month has. From what was left when the budget was counted
-- goes the time since then of connections that began in the month: few, because budgets of organizations with calls are counted
-- each minute.
create or replace function budget_left_ms(of_organization text, moment timestamptz)
returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  budget minute_budgets;
  month_start timestamptz := date_trunc('month', moment, 'UTC');
begin
  select b.* into budget from minute_budgets b where b.organization_id = of_organization;
  if budget.organization_id is null then
    return null;
  end if;
  if budget.month_starts_at < month_start then
    budget.month_starts_at := month_start;
    budget.counted_at := month_start;
    budget.left_ms := budget.month_ms;
  end if;
  return budget.left_ms - (
    select coalesce(sum(
      (extract(epoch from least(coalesce(c.left_at, moment), moment) - greatest(c.joined_at, budget.counted_at)) * 1000)::bigint), 0)
    from (
      select o.joined_at, o.left_at from call_connections o
      where o.organization_id = of_organization and o.left_at is null and o.connected
      union all
      select e.joined_at, e.left_at from call_connections e
      where e.organization_id = of_organization and e.left_at > budget.counted_at and e.connected
    ) c
    where c.joined_at >= budget.month_starts_at and c.joined_at < moment);
end $$;
