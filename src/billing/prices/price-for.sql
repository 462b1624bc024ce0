-- The price of usage of a meter with these dimensions at a moment; null when none is known. The service must be the same:
-- a price without one is for usage without one alone. For each combination of
-- provider, region and model the latest start counts, for equal starts the price that was stored last, and no price
-- after its own end. Among the combinations that match, the one that names most dimensions counts; if several do, the
-- model decides before the provider, and the provider before the region.
create or replace function price_for(of_meter text, dimensions jsonb, moment timestamptz) returns text
language sql stable as $$
  select p.id from (
    select distinct on (v.model, v.provider, v.region) v.* from price_versions v
    where v.meter = of_meter and v.effective_from <= moment
      and (v.model is null or v.model = dimensions ->> 'model')
      and (v.provider is null or v.provider = dimensions ->> 'provider')
      and (v.region is null or v.region = dimensions ->> 'region')
      and v.service is not distinct from dimensions ->> 'service'
    order by v.model, v.provider, v.region, v.effective_from desc, v.seq desc
  ) p
  where p.effective_to is null or p.effective_to > moment
  order by num_nonnulls(p.model, p.provider, p.region) desc, p.model is null, p.provider is null
  limit 1
$$;
