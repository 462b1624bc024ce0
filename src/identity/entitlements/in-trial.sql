-- Whether an organization is in a trial at a moment: nothing is charged then, and what is not included is refused.
create or replace function in_trial(of_organization text, moment timestamptz)
returns boolean language sql stable as $$
  select coalesce((select o.trial_ends_at > moment from organizations o where o.id = of_organization), false)
$$;
