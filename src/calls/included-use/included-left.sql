-- The amount of a meter that is left in the month of a moment, in its base unit, with holds counted as used; null where
-- more is charged. `terms` holds what each plan includes, as `monthly_limit` takes it: `ofPlan`, and `inTrial` while
-- nothing is charged. `unit` is how many base units one of the plan's has.
create or replace function included_left(of_organization text, of_meter text, terms jsonb, unit bigint, moment timestamptz)
returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  allowed bigint;
begin
  allowed := monthly_limit(of_organization, of_meter,
    terms -> case when in_trial(of_organization, moment) then 'inTrial' else 'ofPlan' end, moment);
  if allowed is null then
    return null;
  end if;
  return allowed * unit
    - coalesce((select u.quantity from included_uses u
        where u.organization_id = of_organization and u.meter = of_meter and u.month = date_trunc('month', moment, 'UTC')), 0)
    - coalesce((select sum(h.quantity) from included_holds h
        where h.organization_id = of_organization and h.meter = of_meter and h.ends_at > moment), 0);
end $$;
