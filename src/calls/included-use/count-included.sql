-- Adds usage to the month of a moment, and ends the hold for it. `uses` are `{"meter", "quantity"}`. Transactions that
-- count the same meter wait for each other, in the order of the meters.
create or replace function count_included(of_organization text, of_holder text, uses jsonb, moment timestamptz)
returns void language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if of_holder is not null then
    delete from included_holds h where h.organization_id = of_organization and h.holder = of_holder;
  end if;
  insert into included_uses as u (organization_id, meter, month, quantity)
  select of_organization, x.meter, date_trunc('month', moment, 'UTC'), x.quantity
  from jsonb_to_recordset(uses) as x(meter text, quantity bigint)
  where x.quantity <> 0 order by x.meter
  on conflict (organization_id, meter, month) do update set quantity = u.quantity + excluded.quantity;
end $$;
