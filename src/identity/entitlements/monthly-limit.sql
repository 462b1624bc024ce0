-- The most that an organization may use of a meter in a calendar month: what its plan includes, and the credits in force at the
-- moment. Null when its plan does not stop there. `terms` holds the included amount of each plan and version, as in
-- `{"free": {"1": 1000}, "pro": {"1": null}}`, null where more is charged; those of the free plan count for a version that there
-- never was. The function `entitlementsOf` is the same rule.
create or replace function monthly_limit(of_organization text, of_meter text, terms jsonb, moment timestamptz)
returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  found_plan text;
  found_version text;
  amount bigint;
begin
  select o.plan, o.plan_version::text into found_plan, found_version from organizations o where o.id = of_organization;
  amount := case when terms -> found_plan ? found_version then (terms -> found_plan ->> found_version)::bigint
    else (terms -> 'free' ->> '1')::bigint end;
  if amount is null then
    return null;
  end if;
  return amount + (
    select coalesce(sum(g.value), 0) from entitlement_grants g
    where g.organization_id = of_organization and g.kind = 'credit' and g.name = of_meter
    and (g.revoked_at is null or g.revoked_at > moment)
      and g.starts_at <= moment and (g.ends_at is null or g.ends_at > moment));
end $$;
