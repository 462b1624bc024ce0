-- What an organization may have of a limit at a moment, or whether it has a feature (1 or 0): the newest grant in
-- force, then the limits of its row, then its plan, with the seats of its subscription as further members. `terms`
-- holds the value of each plan and version, as in `{"free": {"1": 10}}`; those of the free plan apply to an unknown
-- version. The function `entitlementsOf` is the same rule.
create or replace function entitled_to(
  of_organization text, of_kind text, of_name text, terms jsonb, moment timestamptz
) returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  granted bigint;
  found_organization organizations;
begin
  select g.value into granted from entitlement_grants g
  where g.organization_id = of_organization and g.kind = of_kind and g.name = of_name
    and (g.revoked_at is null or g.revoked_at > moment)
    and g.starts_at <= moment and (g.ends_at is null or g.ends_at > moment)
  order by g.id desc limit 1;
  if granted is not null then
    return granted;
  end if;
  select o.* into found_organization from organizations o where o.id = of_organization;
  return coalesce(
    case when of_kind = 'limit' then (found_organization.limits ->> of_name)::bigint end,
    coalesce(
      (terms -> found_organization.plan ->> found_organization.plan_version::text)::bigint,
      (terms -> 'free' ->> '1')::bigint)
    + case when of_kind = 'limit' and of_name = 'members' then coalesce(found_organization.seats, 0) else 0 end);
end $$;
