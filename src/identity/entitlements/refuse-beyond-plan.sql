-- Fails the transaction with an error code of the catalogue and the details of the plan. `used` is the number before,
-- null for the size of one thing; `allowed` is null for a feature. `terms` holds the terms of each plan and version, as
-- for `entitled_to`: a different value was set for this organization, and another plan would not change it.
-- `terms -> 'seats' ->> 'most'` is the maximum number of seats of a subscription: if no more than these are needed, and
-- the subscription can be changed now, the refusal has the number of additional seats.
create or replace function refuse_beyond_plan(
  code text, of_organization text, of_name text, allowed bigint, used bigint, terms jsonb
) returns void language plpgsql as $$
declare
  organization organizations;
  plan_name text;
  of_plan bigint;
  lacking bigint;
  is_set boolean := false;
begin
  select o.* into organization from organizations o where o.id = of_organization;
  plan_name := organization.plan;
  of_plan := coalesce((terms -> plan_name ->> organization.plan_version::text)::bigint, (terms -> 'free' ->> '1')::bigint);
  if of_name = 'members' then
    of_plan := of_plan + coalesce(organization.seats, 0);
    is_set := coalesce(organization.limits ? of_name, false) or exists (
      select from entitlement_grants g where g.organization_id = of_organization and g.kind = 'limit' and g.name = of_name
        and g.revoked_at is null and (g.ends_at is null or g.ends_at > now()));
    lacking := greatest(used + 1 - allowed, 1);
    if is_set or coalesce(allowed, 0) <> of_plan or not coalesce(
      organization.seats + lacking <= (terms -> 'seats' ->> 'most')::bigint, false) or not exists (
        select from subscriptions s where s.organization_id = of_organization and s.ended_at is null
          and s.status in ('active', 'trialing') and s.cancels_at is null and s.changes_at is null) then
      lacking := null;
    end if;
  end if;
  raise exception using errcode = 'AL001', message = code, detail = json_build_object(
    'detail', case
      when allowed is null then format('%s is not part of the plan %s', of_name, plan_name)
      when used is null then format('the plan %s allows a %s of at most %s', plan_name, of_name, allowed)
      when used > allowed then format('the plan %s allows %s of %s and there are %s: what is there stays, nothing can be added',
        plan_name, allowed, of_name, used)
      else format('the plan %s allows %s of %s and %s are used', plan_name, allowed, of_name, used) end,
    'limit', json_build_object('name', of_name, 'plan', plan_name, 'value', allowed, 'used', used,
      'left', case when used is not null then greatest(allowed - used, 0) end,
      'moreSeats', lacking,
      'seatsNeeded', organization.seats + lacking,
      'remedy', case when is_set or coalesce(allowed, 0) <> of_plan then 'contact_support' when lacking is not null then 'more_seats' end));
end $$;
