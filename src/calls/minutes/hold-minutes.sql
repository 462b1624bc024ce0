-- Fails the transaction with an error code of the catalogue when the organization has used up the minutes that it may use in the
-- month, `allowed`; null for no limit. A person who was connected to the call before is not refused.
create or replace function hold_minutes(
  code text, of_organization text, of_call text, of_identity text, allowed bigint, moment timestamptz
) returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  used bigint;
  plan_name text;
  is_trial boolean;
begin
  if not minutes_used_up(of_organization, allowed, moment) then
    return;
  end if;
  if was_connected(of_organization, of_call, of_identity) then
    return;
  end if;
  used := connected_ms(of_organization, moment, null) / 60000;
  select o.plan into plan_name from organizations o where o.id = of_organization;
  is_trial := in_trial(of_organization, moment);
  raise exception using errcode = 'AL001', message = code, detail = json_build_object(
    'detail', format('the plan %s includes %s participant_minutes in this month and %s are used', plan_name, allowed, used)
      || case when is_trial then '; nothing is charged in a trial, so more can be used once it has ended' else '' end,
    'limit', json_build_object('name', 'participant_minutes', 'plan', plan_name, 'value', allowed, 'used', used, 'left', 0,
      'remedy', case when is_trial then 'end_trial' end));
end $$;
