-- Fails the transaction when an identity may not connect to a call, because `hold_minutes` or `hold_budget` refuses it.
-- `terms` says what each plan includes, as `monthly_limit` takes it: `ofPlan`, and `inTrial` while nothing is charged.
-- One function, so that a session keeps the plans: planning the parts in each commit costs twice what they cost.
create or replace function hold_connecting(
  code text, of_organization text, of_call text, of_identity text, terms jsonb, reserve_ms bigint, moment timestamptz
) returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  perform hold_minutes(code, of_organization, of_call, of_identity,
    monthly_limit(of_organization, 'participant_minutes',
      terms -> case when in_trial(of_organization, moment) then 'inTrial' else 'ofPlan' end, moment), moment);
  perform hold_budget(code, of_organization, of_call, of_identity, reserve_ms, moment);
end $$;
