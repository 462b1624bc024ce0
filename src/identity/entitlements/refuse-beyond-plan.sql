-- Fails the transaction with an error code of the catalogue, and says what the plan allows. `used` is what there was before, null
-- for the size of one thing; `allowed` is null for a feature.
create or replace function refuse_beyond_plan(
  code text, of_organization text, of_name text, allowed bigint, used bigint
) returns void language plpgsql as $$
declare
  plan_name text := (select o.plan from organizations o where o.id = of_organization);
begin
  raise exception using errcode = 'AL001', message = code, detail = json_build_object(
    'detail', case
      when allowed is null then format('%s is not part of the plan %s', of_name, plan_name)
      when used is null then format('the plan %s allows a %s of at most %s', plan_name, of_name, allowed)
      when used > allowed then format('the plan %s allows %s of %s and there are %s: what is there stays, nothing can be added',
        plan_name, allowed, of_name, used)
      else format('the plan %s allows %s of %s and %s are used', plan_name, allowed, of_name, used) end,
    'limit', json_build_object('name', of_name, 'plan', plan_name, 'value', allowed, 'used', used,
      'left', case when used is not null then greatest(allowed - used, 0) end));
end $$;
