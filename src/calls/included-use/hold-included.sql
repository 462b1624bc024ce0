-- Fails the transaction when less of a meter is left than something may use, or nothing is left. Otherwise it holds
-- that amount until `ends`; null holds nothing. `uses` are `{"meter", "quantity", "unit", "terms"}`, see
-- `included_left`. Transactions that hold the same meter wait for each other, in the order of the meters.
create or replace function hold_included(
  code text, of_organization text, of_holder text, uses jsonb, moment timestamptz, ends timestamptz
) returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  asked record;
  remaining bigint;
begin
  for asked in
    select x.* from jsonb_to_recordset(uses) as x(meter text, quantity bigint, unit bigint, terms jsonb) order by x.meter
  loop
    if included_left(of_organization, asked.meter, asked.terms, asked.unit, moment) is null then
      perform hold_spending(code, of_organization, asked.meter, asked.quantity,
        monthly_limit(of_organization, asked.meter, asked.terms -> 'inTrial', moment) * asked.unit, moment);
      continue;
    end if;
    perform pg_advisory_xact_lock(hashtextextended(of_organization || '/' || asked.meter, 0));
    remaining := included_left(of_organization, asked.meter, asked.terms, asked.unit, moment);
    if remaining <= 0 or remaining < asked.quantity then
      perform refuse_beyond_included(code, of_organization, asked.meter, monthly_limit(of_organization, asked.meter,
        asked.terms -> case when in_trial(of_organization, moment) then 'inTrial' else 'ofPlan' end, moment) * asked.unit,
        remaining, asked.quantity, asked.unit, moment);
    end if;
    if ends is not null then
      insert into included_holds (organization_id, meter, holder, quantity, ends_at)
      values (of_organization, asked.meter, of_holder, asked.quantity, ends);
    end if;
  end loop;
end $$;
