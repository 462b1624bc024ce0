-- The trigger that keeps which plan an organization was on, and until when: the change itself is in `organizations`.
create or replace function note_plan_change() returns trigger language plpgsql as $$
begin
  insert into plan_changes (organization_id, plan, plan_version, former_plan, former_plan_version, changed_at)
  values (new.id, new.plan, new.plan_version, old.plan, old.plan_version, new.updated_at);
  return null;
end $$;
