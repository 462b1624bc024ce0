-- Fails the transaction with an error code of the catalogue when the plan refuses more telephone minutes than it includes and they are used up in the month of
-- the moment, those of running calls up to now, and of calls that run since a former month from the start of this one; or when the spending limit is spent. `terms` is as of `included_left`.
create or replace function hold_phone_minutes(code text, of_organization text, terms jsonb, moment timestamptz)
returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  month timestamptz := date_trunc('month', moment, 'UTC');
  allowed bigint;
  used bigint;
begin
  allowed := monthly_limit(of_organization, 'phone_minutes', terms -> 'inTrial', moment) * 60000;
  select coalesce(sum(extract(epoch from least(coalesce(p.ended_at, moment), moment) - greatest(p.answered_at, month)) * 1000), 0) into used
  -- In two parts, so that each is found by an index, and not all calls of the organization are read.
  from (
    select answered_at, ended_at from phone_calls
    where organization_id = of_organization and answered_at >= month and answered_at < moment
    union all
    select answered_at, ended_at from phone_calls
    where organization_id = of_organization and answered_at < least(month, moment) and state not in ('ended', 'failed')
  ) p;
  if used < allowed then
    return;
  end if;
  if monthly_limit(of_organization, 'phone_minutes',
    terms -> case when in_trial(of_organization, moment) then 'inTrial' else 'ofPlan' end, moment) is not null then
    perform refuse_beyond_included(code, of_organization, 'phone_minutes', allowed, allowed - used, 0, 60000, moment);
  end if;
  perform hold_spending(code, of_organization, 'phone_minutes', 1, 0, moment);
end $$;
