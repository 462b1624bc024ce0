-- Fails the transaction with an error code of the catalogue, with the amount of a meter that the plan includes in a
-- month and the amount left, in base units, or in minutes for a meter of time.
create or replace function refuse_beyond_included(
  code text, of_organization text, of_meter text, allowed bigint, remaining bigint, asked bigint, unit bigint, moment timestamptz
) returns void language plpgsql as $$
declare
  shown bigint := case when unit = 60000 then unit else 1 end;
  plan_name text;
  is_trial boolean := in_trial(of_organization, moment);
begin
  select o.plan into plan_name from organizations o where o.id = of_organization;
  allowed := allowed / shown;
  remaining := greatest(remaining, 0) / shown;
  raise exception using errcode = 'AL001', message = code, detail = json_build_object(
    'detail', format('the plan %s includes %s %s in this month and %s are used or held', plan_name, allowed, of_meter, allowed - remaining)
      || case when asked > 0 and remaining > 0 then format('; this may need %s', ceil(asked::numeric / shown)) else '' end
      || case when is_trial then '; nothing is charged in a trial, so more can be used once it has ended' else '' end,
    'limit', json_build_object('name', of_meter, 'plan', plan_name, 'value', allowed, 'used', allowed - remaining, 'left', remaining,
      'remedy', case when is_trial then 'end_trial' end));
end $$;
